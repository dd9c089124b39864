import { createGzip } from "node:zlib";
import { expect, test } from "vitest";
import { through } from "../../functions/read/through.ts";
import { getObjectRow } from "../../functions/store/ledger.ts";
import { getObject, putObject } from "../../functions/store/objects.ts";
import { temporaryFolder } from "../cli/folder.ts";
import { startSystem } from "../handlers.ts";
import { run } from "../host/programs.ts";
import { bundled } from "./chaos/child.ts";

const ADDRESSES = Number(process.env.MEMORY_ADDRESSES ?? 200_000);
const MB = 2 ** 20;

// a small function of Lambda's has 256 MB; bundled as the deployed one is
test("an object with 200,000 addresses is counted in 256 MB", { timeout: 1_200_000 }, async () => {
  const { deployment, store } = await startSystem();
  const key = "mx1/maillog.gz";
  const packed: Buffer[] = [];
  for await (const chunk of through(linesOf(ADDRESSES), createGzip())) packed.push(chunk);
  await putObject(store.logs, key, Buffer.concat(packed), { condition: { ifNoneMatch: "*" } });
  const path = await bundled("../memory-process", await temporaryFolder());
  const { stdout, stderr } = await run([process.execPath, path, JSON.stringify({ deployment, key })]);
  expect(stderr).toBe("");
  const { failures, bytes } = JSON.parse(stdout) as { failures: number; bytes: number };
  console.log(`${ADDRESSES} addresses: ${(bytes / MB).toFixed(0)} MB`);
  expect(failures).toBe(0);
  const object = await getObject(store.logs, key);
  object?.body.destroy();
  expect(await getObjectRow(store.table, "mx1", key, object?.etag ?? "")).toMatchObject({
    state: "counted",
    events: ADDRESSES,
  });
  expect(bytes / MB).toBeLessThan(256 * Math.ceil(ADDRESSES / 200_000));
});

async function* linesOf(count: number): AsyncGenerator<Buffer> {
  let text = "";
  for (let n = 0; n < count; n++) {
    const ip = `${20 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}.7`;
    const about = `user=<user${n % 5000}@example.net>, method=PLAIN, rip=${ip}, lip=192.0.2.25, session=<${n}>`;
    text += `2026-11-24T03:00:00+00:00 mx1 dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): ${about}\n`;
    if (n % 1000 === 999 || n === count - 1) {
      yield Buffer.from(text);
      text = "";
    }
  }
}
