import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { DamagedObject } from "../../functions/read/errors.ts";
import { readLines } from "../../functions/read/lines.ts";
import { chunked, numberedLines } from "./factories.ts";

const text = numberedLines(3000);
const lines = text.trimEnd().split("\n");
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

async function read(bytes: Uint8Array, chunk = 10_000) {
  const found: string[] = [];
  const reading = readLines(chunked(bytes, chunk), { name: "test.log" }, (buffer, start, end) => {
    found.push(buffer.toString("latin1", start, end));
  });
  return { found, extent: await reading.catch((error: unknown) => error) };
}

describe.each([
  ["bzip2", fixture("numbered.bz2")],
  ["xz", fixture("numbered.xz")],
  ["xz", fixture("numbered-blocks.xz")],
  ["zstd", zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })],
] as const)("%s", (container, packed) => {
  test.each([1, 7, 10_000, 1_000_000])("is read whole, in chunks of %i", async (chunk) => {
    const { found, extent } = await read(packed, chunk);
    expect(found).toEqual(lines);
    expect(extent).toMatchObject({ container, end: text.length });
  });

  test("members one behind the other are one log", async () => {
    const { found } = await read(Buffer.concat([packed, packed]));
    expect(found).toEqual([...lines, ...lines]);
  });

  test.each([0.3, 0.9, 0.999])(
    "cut at %f it gives the lines before the cut, then an error",
    async (share) => {
      const { found, extent } = await read(packed.subarray(0, Math.floor(packed.length * share)));
      expect(extent).toBeInstanceOf(DamagedObject);
      expect(String(extent)).toContain(`${container} file is `);
      expect(found).toEqual(lines.slice(0, found.length));
    },
  );

  test("a changed byte is damage, and no line is wrong before it", async () => {
    for (let at = 20; at < packed.length - 8; at += Math.floor(packed.length / 23)) {
      const changed = Buffer.from(packed);
      changed[at]! ^= 0x41;
      const { extent } = await read(changed);
      expect(extent, `byte ${at}`).toBeInstanceOf(DamagedObject);
    }
  });
});

const has = (program: string) => {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn(`skipped: ${program} is not here to pack larger logs with`);
    return false;
  }
};

describe.skipIf(!has("xz"))("what xz itself packs", () => {
  const large = Buffer.from(numberedLines(20_000));
  test.each([["-0"], ["-9"], ["--check=sha256"], ["--check=none"], ["--lzma2=preset=1,lc=0,lp=2,pb=0"]])(
    "%s",
    async (option) => {
      const packed = execFileSync("xz", ["-c", option], { input: large, maxBuffer: 1e9 });
      const { extent } = await read(packed);
      expect(extent).toMatchObject({ container: "xz", end: large.length, lines: 20_000 });
    },
  );
});
