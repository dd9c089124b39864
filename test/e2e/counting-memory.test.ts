import { createGzip } from "node:zlib";
import { expect, test } from "vitest";
import { through } from "../../functions/read/through.ts";
import { putObject } from "../../functions/store/objects.ts";
import { temporaryFolder } from "../cli/folder.ts";
import { startSystem } from "../handlers.ts";
import { run } from "../host/programs.ts";
import { lambdaBundle, lambdaFlags } from "./lambda.ts";
import { startRowSink } from "./row-sink.ts";

/** `size`: MB of the function, which are all that its process may take. */
const CASES = [
  { addresses: 200_000, size: 256 },
  { addresses: 1_000_000, size: 768 },
];
const MB = 2 ** 20;

test.each(CASES)(
  "a function of $size MB counts an object with $addresses addresses",
  { timeout: 1_200_000 },
  async ({ addresses, size }) => {
    const { deployment, store } = await startSystem();
    const sink = await startRowSink(deployment.endpoints?.dynamodb ?? "");
    await putObject(store.logs, KEY, await packedLog(addresses), { condition: { ifNoneMatch: "*" } });
    const endpoints = { ...deployment.endpoints, dynamodb: sink.endpoint };
    const bundle = await lambdaBundle("ingest", await temporaryFolder());
    const task = JSON.stringify({ bundle, key: KEY, deployment: { ...deployment, endpoints } });
    const { stdout, stderr } = await run([process.execPath, ...lambdaFlags(size), PROCESS, task]);
    expect(stderr).toBe("");
    const { failures, bytes, seconds } = JSON.parse(stdout) as Record<string, number>;
    console.log(`${addresses} addresses: ${(bytes! / MB).toFixed(0)} MB, ${seconds!.toFixed(0)} s of CPU`);
    expect({ failures, rows: sink.rows() }).toEqual({ failures: 0, rows: addresses });
    expect(bytes! / MB).toBeLessThan(size);
  },
);

const KEY = "mx1/maillog.gz";
const PROCESS = new URL("memory-process.ts", import.meta.url).pathname;

async function packedLog(addresses: number): Promise<Buffer> {
  const packed: Buffer[] = [];
  for await (const chunk of through(linesOf(addresses), createGzip())) packed.push(chunk);
  return Buffer.concat(packed);
}

/** A failed login from each address, at one of 5,000 users. */
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
