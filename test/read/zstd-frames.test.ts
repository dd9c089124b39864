import { constants, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { ZstdFrames } from "../../functions/read/zstd-frames.ts";
import { numberedLines } from "./factories.ts";

const text = numberedLines(30_000);
const plain = zstdCompressSync(text);
const checked = zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
const small = zstdCompressSync("x");
const same = zstdCompressSync("x".repeat(400_000));
const skipped = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
const all = Buffer.concat([plain, checked, skipped, small, same]);
const parts = [plain, checked, skipped, small, same];
const ends = [0, 1, 2, 3, 4, 5].map((count) => Buffer.concat(parts.slice(0, count)).length);

test.each([1, 7, 65_536, 10_000_000])("frames end where they do, in chunks of %i", (size) => {
  const frames = new ZstdFrames();
  const whole = [0];
  for (let at = 0; at < all.length; at += size) {
    frames.add(all.subarray(at, at + size));
    if (frames.isWhole) whole.push(Math.min(at + size, all.length));
  }
  expect(whole).toEqual(size === 1 ? ends : ends.filter((end) => end % size === 0 || end === all.length));
});

test.each([1, 4, 5, 20, all.length - 1])("cut after %i bytes, the last frame is not whole", (length) => {
  const frames = new ZstdFrames();
  frames.add(all.subarray(0, length));
  expect(frames.isWhole).toBe(false);
});
