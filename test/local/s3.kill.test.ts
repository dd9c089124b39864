import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "./folders.ts";
import { clientOf } from "./s3.ts";

const ROUNDS = 6;
const WRITERS = 4;
/** Keys of each writer: fewer than its writes, so that most replace something. */
const KEYS = 5;
const KEY = { id: "id", secret: "secret" };

/** A server in a process of its own; `kill` is SIGKILL. */
async function startProcess(dir: string): Promise<{ client: S3Client; kill(): Promise<void> }> {
  const script = fileURLToPath(new URL("./s3-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, dir], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = once(child, "exit");
  const kill = async () => {
    child.kill("SIGKILL");
    await gone;
  };
  onTestFinished(kill);
  const [endpoint] = await once(child.stdout, "data");
  return { client: clientOf(String(endpoint).trim(), { ...KEY, allow: [] }), kill };
}

/** What version `turn` of a key holds: told by its first line, as long as `turn` makes it. */
function dataOf(key: string, turn: number): string {
  return `${key} ${turn}\n`.repeat(1 + ((turn * 7_919) % 40_000));
}

/** Puts versions one after the other until the server is gone; tells of each that was acknowledged. */
async function write(
  client: S3Client,
  writer: number,
  from: number,
  onDone: (key: string, turn: number) => void,
): Promise<number> {
  for (let turn = from; ; turn++) {
    const Key = `writer${writer}/${turn % KEYS}`;
    try {
      await client.send(new PutObjectCommand({ Bucket: "logs", Key, Body: dataOf(Key, turn) }));
    } catch {
      return turn + 1;
    }
    onDone(Key, turn);
  }
}

/** Asserts that each object is one whole version, not older than the last acknowledged; and that each was told. */
async function check(client: S3Client, dir: string, acknowledged: Map<string, number>): Promise<void> {
  const events = new Set((await readFile(join(dir, "events"), "utf8")).split("\n"));
  const present = new Set<string>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: "logs" })) {
    for (const { Key } of Contents) present.add(Key!);
  }
  expect([...acknowledged.keys()].filter((key) => !present.has(key))).toEqual([]);
  for (const Key of present) {
    const got = await client.send(new GetObjectCommand({ Bucket: "logs", Key }));
    const data = await got.Body!.transformToString();
    const turn = Number(data.split("\n", 1)[0]!.split(" ")[1]);
    expect(data === dataOf(Key, turn), `${Key}, version ${turn}, is whole`).toBe(true);
    expect(turn).toBeGreaterThanOrEqual(acknowledged.get(Key) ?? 0);
    const etag = createHash("md5").update(data).digest("hex");
    expect(got.ETag).toBe(`"${etag}"`);
    expect(events.has(`${Key} ${etag}`), `${Key}, version ${turn}, was told`).toBe(true);
  }
}

test("killed at any moment of many PUTs: nothing acknowledged is lost, nothing is half, nothing untold", async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, "events"), "");
  const acknowledged = new Map<string, number>();
  let turns = Array.from({ length: WRITERS }, () => 0);
  for (let round = 0; round < ROUNDS; round++) {
    const server = await startProcess(dir);
    await check(server.client, dir, acknowledged);
    let count = 0;
    const writers = turns.map((from, writer) =>
      write(server.client, writer, from, (key, turn) => {
        acknowledged.set(key, turn);
        count += 1;
      }),
    );
    // another moment each round: during the very first PUTs, and in the middle of some after several are done
    while (count < round * 3) await wait(1);
    await wait((round * 17) % 29);
    await server.kill();
    turns = await Promise.all(writers);
  }
  const last = await startProcess(dir);
  await check(last.client, dir, acknowledged);
  await last.kill();
  expect(acknowledged.size).toBeGreaterThan(WRITERS);
  // what the kills left behind is gone: one data file for each object
  const [objects, data] = await Promise.all(
    ["objects", "data"].map((sub) => readdir(join(dir, "s3/logs", sub))),
  );
  expect(data).toHaveLength(objects!.length);
}, 120_000);
