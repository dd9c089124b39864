import { createHash } from "node:crypto";
import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DamagedObject, LimitExceeded, NotALog } from "../../functions/read/errors.ts";
import { fingerprintOf } from "../../functions/read/fingerprint.ts";
import { type ReadOptions, readLines } from "../../functions/read/lines.ts";
import { chunked, noise, numberedLines } from "./factories.ts";

interface Line {
  text: string;
  offset: number;
  line: number;
}

/** Lines as delivered, and what `readLines` gave or threw. */
async function read(bytes: Uint8Array, options: Partial<ReadOptions> = {}, chunk = 65_536) {
  const lines: Line[] = [];
  const done = readLines(
    chunked(bytes, chunk),
    { name: "test.log", ...options },
    (buffer, start, end, offset, line) => {
      lines.push({ text: buffer.toString("latin1", start, end), offset, line });
    },
  );
  const extent = await done.catch((error: unknown) => error);
  return { lines, texts: lines.map((line) => line.text), extent };
}

const log = Buffer.from("one\ntwo\r\n\nfour");

test("gives complete lines with offsets and numbers, and tells of the tail", async () => {
  const { lines, extent } = await read(log);
  expect(lines).toEqual([
    { text: "one", offset: 0, line: 1 },
    { text: "two", offset: 4, line: 2 },
    { text: "", offset: 9, line: 3 },
  ]);
  expect(extent).toEqual({
    container: "plain",
    start: 0,
    end: 10,
    tail: 4,
    lines: 3,
    longLines: 0,
    fingerprint: fingerprintOf(Buffer.from("one")),
    lastLine: fingerprintOf(Buffer.from("")),
    boundaries: new Map(),
    trailing: false,
  });
});

test("delivers the tail where asked", async () => {
  const { texts, extent } = await read(log, { tail: true });
  expect(texts).toEqual(["one", "two", "", "four"]);
  expect(extent).toMatchObject({ end: 10, tail: 4, lines: 4 });
});

test("an empty object has no lines and no fingerprint", async () => {
  const { texts, extent } = await read(Buffer.alloc(0), { tail: true });
  expect(texts).toEqual([]);
  expect(extent).toMatchObject({ end: 0, tail: 0, lines: 0, fingerprint: undefined, lastLine: undefined });
});

test("chunks do not matter, packed or not", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom("", "\r", "a\r", "\rb"))),
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom((bytes: Buffer) => bytes, gzipSync, zstdCompressSync),
      async (parts, chunk, pack) => {
        const text = Buffer.from(parts.map((part) => part.replaceAll("\n", "")).join("\n"));
        const lines = text.toString("latin1").split("\n").slice(0, -1);
        const { texts, extent } = await read(pack(text), {}, chunk);
        expect(texts).toEqual(lines.map((line) => line.replace(/\r$/, "")));
        expect(extent).toMatchObject({ end: text.lastIndexOf("\n") + 1, lines: lines.length });
      },
    ),
    { numRuns: 300 },
  );
});

describe("ranges", () => {
  const bytes = Buffer.from("aa\nbb\ncc\ndd\nee\n");

  test("only lines that begin in one are delivered, all are counted", async () => {
    const { texts, extent } = await read(bytes, {
      ranges: [
        { start: 3, end: 6 },
        { start: 9, end: 13 },
      ],
    });
    expect(texts).toEqual(["bb", "dd", "ee"]);
    expect(extent).toMatchObject({ lines: 5, end: 15 });
  });

  test("a segment's offsets are those of its stream", async () => {
    const { lines, extent } = await read(bytes, { start: 1000, ranges: [{ start: 1006, end: 1009 }] });
    expect(lines).toEqual([{ text: "cc", offset: 1006, line: 3 }]);
    expect(extent).toMatchObject({ start: 1000, end: 1015 });
  });

  test("hashes the lines at boundaries, and only where a line ends", async () => {
    const { extent } = await read(bytes, { hashAt: [4, 6, 15, 99] }, 4);
    expect(extent).toMatchObject({
      boundaries: new Map([
        [6, fingerprintOf(Buffer.from("bb"))],
        [15, fingerprintOf(Buffer.from("ee"))],
      ]),
      lastLine: fingerprintOf(Buffer.from("ee")),
    });
  });
});

test("the fingerprint is SHA-256 of at most 1,024 bytes of the first line, carriage return and all", async () => {
  const first = Buffer.from(`${"x".repeat(1500)}\r`);
  const sum = createHash("sha256").update(first.subarray(0, 1024)).digest("hex").slice(0, 16);
  for (const chunk of [7, 100_000]) {
    const { extent } = await read(Buffer.concat([first, Buffer.from("\nnext\n")]), {}, chunk);
    expect(extent).toMatchObject({ fingerprint: sum });
  }
  const { extent } = await read(Buffer.from("a\r\n"));
  expect(extent).toMatchObject({ fingerprint: fingerprintOf(Buffer.from("a\r")) });
});

test.each([10, 1000, 1 << 20])(
  "a line over the limit is counted, not delivered (chunks of %i)",
  async (chunk) => {
    const long = "x".repeat(65_537);
    const just = "y".repeat(65_536);
    const { texts, extent } = await read(
      Buffer.from(`a\n${long}\n${just}\r\nb\n${long}`),
      { tail: true },
      chunk,
    );
    expect(texts).toEqual(["a", just, "b"]);
    expect(extent).toMatchObject({ lines: 5, longLines: 2 });
  },
);

describe("gzip", () => {
  const members = Buffer.concat([gzipSync("a\nb"), gzipSync("c\n"), gzipSync(""), gzipSync("d\n")]);

  test.each([1, 19, 65_536])("members in a row are one log (chunks of %i)", async (chunk) => {
    const { texts, extent } = await read(members, {}, chunk);
    expect(texts).toEqual(["a", "bc", "d"]);
    expect(extent).toMatchObject({ container: "gzip", end: 7, trailing: false });
  });

  test("zeros after the last member are padding", async () => {
    const { texts } = await read(Buffer.concat([members, Buffer.alloc(600)]));
    expect(texts).toEqual(["a", "bc", "d"]);
  });

  test.each([1, 65_536])("anything else there is ignored and told (chunks of %i)", async (chunk) => {
    const { texts, extent } = await read(Buffer.concat([members, Buffer.from("garbage\n")]), {}, chunk);
    expect(texts).toEqual(["a", "bc", "d"]);
    expect(extent).toMatchObject({ trailing: true });
  });

  test("a truncated file gives all lines before the cut, then an error that says where", async () => {
    const text = numberedLines(20_000);
    const packed = gzipSync(text);
    const { texts, extent } = await read(packed.subarray(0, packed.length - 5000));
    const readable = texts.join("\n").length + 1;
    expect(text.startsWith(`${texts.join("\n")}\n`)).toBe(true);
    expect(readable).toBeGreaterThan(text.length * 0.8);
    expect(extent).toBeInstanceOf(DamagedObject);
    expect(extent).toMatchObject({ extent: { end: readable, lines: texts.length } });
    expect(String(extent)).toContain("test.log: gzip file is truncated after ");
  });

  test("a corrupt file gives the lines before the damage", async () => {
    const text = numberedLines(20_000);
    const packed = gzipSync(text);
    packed.fill(0xff, packed.length - 5000, packed.length - 4000);
    const { texts, extent } = await read(packed);
    expect(extent).toBeInstanceOf(DamagedObject);
    expect(texts.length).toBeGreaterThan(10_000);
    expect(texts.slice(0, 10_000)).toEqual(text.split("\n").slice(0, 10_000));
  });

  test("a wrong checksum is damage", async () => {
    const packed = gzipSync("a\nb\n");
    packed[packed.length - 8]! ^= 1;
    const { texts, extent } = await read(packed);
    expect(texts).toEqual(["a", "b"]);
    expect(extent).toBeInstanceOf(DamagedObject);
  });

  test.each([2, 5, 12])("a file of %i bytes is truncated", async (length) => {
    const { texts, extent } = await read(members.subarray(0, length));
    expect(texts).toEqual([]);
    expect(extent).toBeInstanceOf(DamagedObject);
  });
});

describe("limits", () => {
  test("a bomb is stopped", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 2 ** 20, `${"x".repeat(8191)}\n`));
    const { extent } = await read(bomb);
    expect(extent).toBeInstanceOf(LimitExceeded);
    expect(String(extent)).toContain("test.log: packed tighter than 1:400");
  });

  test("an object over the size limit gives the lines up to it", async () => {
    const { texts, extent } = await read(gzipSync("aaa\nbbb\nccc\n"), { limits: { bytes: 9 } });
    expect(texts).toEqual(["aaa", "bbb"]);
    expect(extent).toBeInstanceOf(LimitExceeded);
    expect(extent).toMatchObject({ offset: 9, extent: { end: 8 } });
  });

  test("binary data is no log, a few control characters are", async () => {
    expect((await read(noise(5000))).extent).toBeInstanceOf(NotALog);
    expect((await read(gzipSync(noise(5000)))).extent).toBeInstanceOf(NotALog);
    expect(
      (await read(Buffer.from("a user called \0\x01\x02 failed to log in, caf\xe9\n", "latin1"))).texts,
    ).toHaveLength(1);
  });
});

test("what the consumer or the source throws comes out", async () => {
  const failing = readLines(chunked(gzipSync("a\n"), 9), { name: "x" }, () => {
    throw new RangeError("full");
  });
  await expect(failing).rejects.toThrow(RangeError);
  async function* broken() {
    yield gunzipSync(gzipSync("a\n"));
    throw new TypeError("gone");
  }
  await expect(readLines(broken(), { name: "x" }, () => {})).rejects.toThrow(TypeError);
});
