import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import type { CounterRow } from "../../functions/count/counter.ts";
import { historyOf } from "../../functions/count/history.ts";
import { addEvent, createTally, rowsOf } from "../../functions/count/tally.ts";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { createLineParser } from "../../functions/parse/line.ts";
import { readLines } from "../../functions/read/lines.ts";

/** Logs that real daemons wrote while clients with known intentions talked to them; see their README. */
const FOLDER = new URL("../../../shared/corpus/recorded/", import.meta.url);

export const hasRecorded = existsSync(FOLDER);

export const runs = hasRecorded ? readdirSync(FOLDER).filter((name) => !name.includes(".")) : [];

export interface Truth {
  failed: number;
  /** Everything that was sent to be judged, or might have been. */
  tried: number;
  ok: number;
}

/** By source address, over all services. */
export function truthOf(run: string): Map<string, Truth> {
  const [head, ...rows] = readFileSync(new URL(`${run}/truth.tsv`, FOLDER), "utf8")
    .trimEnd()
    .split("\n");
  const column = (name: string) => head!.split("\t").indexOf(name);
  const truth = new Map<string, Truth>();
  for (const row of rows.map((line) => line.split("\t"))) {
    const of = (name: string) => Number(row[column(name)]);
    const ip = row[column("src_ip")]!;
    const sum = truth.get(ip) ?? { failed: 0, tried: 0, ok: 0 };
    sum.failed += of("failed");
    sum.tried += of("failed") + of("refused") + of("aborted") + of("unread");
    sum.ok += of("ok");
    truth.set(ip, sum);
  }
  return truth;
}

/** What the logs of a run say: attempts and successes by address, each attempt once, as the whole system counts. */
export async function countsOf(run: string, logs: readonly string[]) {
  const rows: CounterRow[] = [];
  const events: LoginEvent[] = [];
  const unread: string[] = [];
  for (const log of logs) {
    const parser = createLineParser({ logTime: LOG_TIME, zone: { offset: 0 } });
    const tally = createTally(log.replace(/\..*/, ""));
    const source = createReadStream(new URL(`${run}/${log}`, FOLDER));
    await readLines(source, { name: log }, (bytes, start, end) => {
      const event = parser.parse(bytes, start, end);
      if (event === undefined) return;
      events.push(event);
      addEvent(tally, event);
    });
    rows.push(...rowsOf(tally, { ...ROW, fingerprint: log }));
    unread.push(...parser.unread.keys());
  }
  const counts = new Map<string, { attempts: number; successes: number }>();
  for (const [ip, own] of Map.groupBy(rows, (row) => row.ip)) {
    const { hours } = historyOf(ip, own);
    const sum = (of: "attempts" | "successes") => hours.reduce((total, hour) => total + hour[of], 0);
    counts.set(ip, { attempts: sum("attempts"), successes: sum("successes") });
  }
  return { counts, events, unread };
}

const LOG_TIME = Date.parse("2026-11-24T06:00:00Z") / 1000;
const ROW = {
  host: "mail",
  start: 0,
  end: 1,
  parser: "test",
  retentionDays: 1,
  nameUser: (user: string) => user,
};

/** The logs of a run in one of the forms that it was written in. */
export function formsOf(run: string): string[][] {
  const files = readdirSync(new URL(`${run}/`, FOLDER)).filter((name) => !/tsv$|^config/.test(name));
  const rest = files.filter((name) => !/traditional$|rfc3339$|^journal/.test(name));
  const forms = ["traditional", "rfc3339"].map((form) => files.filter((name) => name.endsWith(form)));
  const journals = files.filter((name) => name.startsWith("journal")).map((name) => [name]);
  return [...forms.filter((form) => form.length > 0).map((form) => [...form, ...rest]), ...journals];
}
