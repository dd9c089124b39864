import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { bytesOf } from "../../cli/files.ts";

const MAPS = existsSync("/proc/self/maps");
const folder = mkdtempSync(join(tmpdir(), "fleetban-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SIZE = 512 * 1024;

function fileOf(length: number): string {
  const path = join(folder, `${length}`);
  writeFileSync(path, Buffer.alloc(length, "x"));
  return path;
}

test.each([0, 1, SIZE - 1, SIZE, SIZE + 1, 3 * SIZE])("all of a file of %i bytes is read", async (length) => {
  let told = 0;
  let read = 0;
  for await (const chunk of bytesOf(fileOf(length), (bytes) => {
    told += bytes;
  }))
    read += chunk.length;
  expect([read, told]).toEqual([length, length]);
});

test("a file that grows is read to its end, one that shrinks to where it ends", async () => {
  const growing = fileOf(SIZE + 5);
  let read = 0;
  for await (const chunk of bytesOf(growing, () => {})) {
    if (read === 0) appendFileSync(growing, "more");
    read += chunk.length;
  }
  expect(read).toBeGreaterThanOrEqual(SIZE + 5);
  const shrinking = fileOf(4 * SIZE);
  read = 0;
  for await (const chunk of bytesOf(shrinking, () => {})) {
    if (read === 0) truncateSync(shrinking, SIZE);
    read += chunk.length;
  }
  expect(read).toBeLessThanOrEqual(2 * SIZE);
});

test("a pipe that nobody writes to yet keeps no other from being read", async () => {
  const pipes = [join(folder, "first"), join(folder, "second")];
  execFileSync("mkfifo", pipes);
  const writer = spawn("sh", ["-c", `head -c ${3 * SIZE} /dev/zero >"$0"; echo >"$1"`, ...pipes]);
  const ended = once(writer, "close");
  const lengths = pipes.map(async (path) => {
    let read = 0;
    for await (const chunk of bytesOf(path, () => {})) read += chunk.length;
    return read;
  });
  expect(await Promise.all(lengths)).toEqual([3 * SIZE, 1]);
  await ended;
});

// A process that has ended has no map: reading goes on to fail in the middle
test.skipIf(!MAPS)("what fails while the caller is at work is told when it asks", async () => {
  const child = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1e6)"]);
  await once(child.stdout, "data");
  const chunks = bytesOf(`/proc/${child.pid}/maps`, () => {});
  await chunks.next();
  child.kill("SIGKILL");
  await once(child, "exit");
  await chunks.next();
  await wait(50);
  await expect(chunks.next()).rejects.toThrow("ESRCH");
});

test.skipIf(!MAPS)("a file is closed when nobody reads it on", async () => {
  const open = () => readdirSync("/proc/self/fd").length;
  const before = open();
  for (let n = 0; n < 20; n++) for await (const _ of bytesOf(fileOf(3 * SIZE), () => {})) break;
  expect(open()).toBeLessThan(before + 10);
});
