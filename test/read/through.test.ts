import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { containers } from "../../functions/read/container.ts";
import { through } from "../../functions/read/through.ts";

const gzip = containers.find(({ name }) => name === "gzip")!;

test("a consumer that is slow is not given more than it can hold, and all in the end", async () => {
  const size = 200e6;
  const packed = Buffer.concat(Array(100).fill(gzipSync(Buffer.alloc(size / 100, "a"))));
  async function* source() {
    yield packed;
  }
  const before = process.memoryUsage().arrayBuffers;
  let read = 0;
  let chunks = 0;
  let most = 0;
  for await (const chunk of through(source(), gzip.open())) {
    read += chunk.length;
    // later there is also what was read and nobody has collected yet
    if (++chunks > 40) continue;
    await sleep(10);
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  expect(read).toBe(size);
  expect(most).toBeLessThan(30e6);
});
