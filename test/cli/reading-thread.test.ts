import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { type ReadingThread, startReadingThread } from "../../cli/reading-thread.ts";
import { ReadingFailed, readerOf } from "../../functions/count/log-reader.ts";
import { sifted } from "../../functions/count/sift.ts";
import { LimitExceeded } from "../../functions/read/errors.ts";
import { temporaryFolder } from "./folder.ts";

const line = (n: number) =>
  `Nov 24 03:00:00 mx1 ${n % 2 === 0 ? `dovecot: imap-login: Login: user=<u${n}>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1` : `kernel: ${n}`}`;
const TEXT = Array.from({ length: 40_000 }, (_, n) => line(n)).join("\n");

const OPTIONS = { name: "maillog", tail: true };

const thread = startReadingThread() as ReadingThread;
afterAll(() => thread.close());

const byThread = (path: string) => thread.readerOf(path, () => {});

async function fileWith(content: string | Buffer): Promise<string> {
  const path = join(await temporaryFolder(), "maillog");
  await writeFile(path, content);
  return path;
}

/** The lines and the rest of what a reader gives. */
async function told(read: ReturnType<typeof readerOf>) {
  const lines: string[] = [];
  const { extent, damage } = await read(OPTIONS, (bytes, start, end) => {
    lines.push(bytes.toString("latin1", start, end));
  });
  return { lines, extent, damage };
}

async function* chunk(content: string | Buffer) {
  yield Buffer.from(content);
}

const packed = gzipSync(TEXT);

test.each([
  ["plain", TEXT],
  ["packed", packed],
  ["cut off", packed.subarray(0, packed.length - 5000)],
  ["of one line", line(0)],
])("a thread gives the lines that a sieve leaves: %s", async (_, content) => {
  const path = await fileWith(content);
  const alone = await told(sifted(readerOf(chunk(content))));
  expect(await told(byThread(path))).toEqual(alone);
  expect(alone.lines.length).toBeGreaterThan(0);
});

test("it tells how much of the file was read", async () => {
  let bytes = 0;
  await told(thread.readerOf(await fileWith(packed), (more) => (bytes += more)));
  expect(bytes).toBe(packed.length);
});

test("who wants no more ends the reading, and the next log is read whole", async () => {
  const path = await fileWith(TEXT);
  const stopping = byThread(path)(
    {
      ...OPTIONS,
      afterPiece: () => {
        throw new LimitExceeded("maillog", 0, "too many addresses");
      },
    },
    () => {},
  );
  await expect(stopping).rejects.toThrow(ReadingFailed);
  expect((await told(byThread(path))).lines.length).toBeGreaterThan(20_000);
});

test("what cannot be read by it has to be read alone", async () => {
  const missing = join(await temporaryFolder(), "missing");
  await expect(told(byThread(missing))).rejects.toThrow(ReadingFailed);
  await expect(told(byThread(await fileWith(Buffer.alloc(9000, 1))))).rejects.toThrow(ReadingFailed);
});

test("a thread that died fails", async () => {
  const dying = startReadingThread() as ReadingThread;
  const path = await fileWith(TEXT);
  let isEnded = false;
  const reading = dying.readerOf(path, () => {})(OPTIONS, () => {
    if (!isEnded) dying.close();
    isEnded = true;
  });
  await expect(reading).rejects.toThrow(ReadingFailed);
});
