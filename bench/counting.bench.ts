/** How much of the embedded database's own rate is left when rows are counted, claimed and written as ingest does it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchWriteItemCommand, type WriteRequest } from "@aws-sdk/client-dynamodb";
import { createIngest } from "../functions/ingest.ts";
import { toAttributes } from "../functions/store/attributes.ts";
import { putObject } from "../functions/store/objects.ts";
import { openStore, type Store } from "../functions/store/store.ts";
import { startStack } from "../local/stack.ts";
import { median } from "./compare.ts";

const ROWS = 10_000;
const TURNS = 3;

/** Prints rows a second by ingest (reading, parsing, ledger and receipts included) and by raw batch puts, and their ratio. */
export async function run(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "fleetban-bench-"));
  const nobody = () => async () => ({ batchItemFailures: [] });
  const stack = await startStack({
    dataDir: dir,
    handlers: { ingest: nobody, publish: () => async () => undefined },
  });
  try {
    const store = openStore(stack.deployment);
    const ingest = createIngest(stack.deployment);
    const rates: { counted: number; raw: number }[] = [];
    for (let turn = 0; turn <= TURNS; turn++) {
      const key = `mx${turn}/maillog`;
      await putObject(store.logs, key, logOf(turn), { condition: { ifNoneMatch: "*" } });
      const counted = await rateOf(() => ingest(eventOf(key)).then(expectDone));
      const raw = await rateOf(() => putRaw(store, turn));
      if (turn > 0) rates.push({ counted, raw });
    }
    print(rates);
  } finally {
    await stack.stop();
    await rm(dir, { recursive: true });
  }
}

function print(rates: { counted: number; raw: number }[]): void {
  const ratio = median(rates.map(({ counted, raw }) => counted / raw));
  const rows = [
    ["", "rows/s", "ratio"],
    ["raw batch puts", median(rates.map((rate) => rate.raw)).toFixed(0), "1.00"],
    ["ingest", median(rates.map((rate) => rate.counted)).toFixed(0), ratio.toFixed(2)],
  ];
  for (const [name, rate, share] of rows)
    process.stdout.write(`${name!.padEnd(16)}${rate!.padStart(10)}${share!.padStart(8)}\n`);
}

async function rateOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return ROWS / ((performance.now() - began) / 1000);
}

function addressOf(turn: number, row: number): string {
  return `20.${turn}.${row >> 8}.${row & 255}`;
}

/** One failed login from each address. */
function logOf(turn: number): string {
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const about = `user=<u${row % 100}>, method=PLAIN, rip=${addressOf(turn, row)}, lip=192.0.2.25, session=<x>`;
    return `2026-11-24T03:00:00+00:00 mx${turn} dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): ${about}\n`;
  });
  return lines.join("");
}

/** Items of the size of counter rows, made before the clock runs but for the requests themselves. */
async function putRaw({ table }: Store, turn: number): Promise<void> {
  const batches = Array.from({ length: ROWS / 25 }, (_, batch) =>
    Array.from({ length: 25 }, (_, index) => requestOf(turn, batch * 25 + index)),
  );
  const worker = async () => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      await table.client.send(new BatchWriteItemCommand({ RequestItems: { [table.name]: batch } }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

function requestOf(turn: number, row: number): WriteRequest {
  const ip = addressOf(turn, row);
  const item = {
    ...{ pk: `raw#${row % 16}`, sk: `${ip}#mx${turn}#0123456789abcdef#0`, day: "2026-11-24", ip },
    ...{ host: `mx${turn}`, fingerprint: "0123456789abcdef", start: 0, end: 1e6, parser: "1" },
    ...{
      cells: [[3, "imap", "login", "maillog", 1, 1, 0, 0]],
      users: { "0123456789abcdef": 1 },
      userCount: 1,
    },
    ...{ successUsers: {}, first: 1_795_489_200, last: 1_795_489_200, expires: 1_900_000_000 },
  };
  return { PutRequest: { Item: toAttributes(item) } };
}

function expectDone({ batchItemFailures }: { batchItemFailures: unknown[] }): void {
  if (batchItemFailures.length > 0) throw new Error("the object was not counted");
}

function eventOf(key: string) {
  const record = { eventName: "ObjectCreated:Put", s3: { object: { key } } };
  const body = JSON.stringify({ Records: [record] });
  return { Records: [{ messageId: "1", body }] } as unknown as Parameters<ReturnType<typeof createIngest>>[0];
}
