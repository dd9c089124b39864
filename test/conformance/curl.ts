import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Skipped, topic } from "./check.ts";
import { newKey, putText, type Target } from "./target.ts";

const run = promisify(execFile);
/** Below, curl's signatures are wrong or missing: hosts sign with openssl there. */
const LEAST_CURL = 7.88;

export const curl = topic("curl", {
  "--aws-sigv4 puts a file with metadata, once": async (target) => {
    await withFolder(async (dir) => {
      const [file, key] = [join(dir, "segment"), newKey(target, "000000000000000-000000000001000.log.gz")];
      await writeFile(file, "x".repeat(100_000));
      const headers = [
        `x-amz-content-sha256: ${createHash("sha256").update("x".repeat(100_000)).digest("hex")}`,
        "x-amz-meta-log-name: maillog",
        "If-None-Match: *",
      ];
      assert.equal((await signed(target, key, ["-T", file, ...options(headers)])).status, "200");
      const again = await signed(target, key, ["-T", file, ...options(headers)]);
      assert.deepEqual(
        [again.status, /<Code>(.*?)<\/Code>/.exec(again.output)?.[1]],
        ["412", "PreconditionFailed"],
      );
    });
  },

  "--aws-sigv4 gets, with ETag 304 the second time": async (target) => {
    await withFolder(async (dir) => {
      const [file, key] = [join(dir, "manifest"), newKey(target)];
      const etag = await putText(target, key, "a manifest");
      const unsigned = ["x-amz-content-sha256: UNSIGNED-PAYLOAD"];
      assert.equal((await signed(target, key, ["-o", file, ...options(unsigned)])).status, "200");
      assert.equal(await readFile(file, "utf8"), "a manifest");
      const second = await signed(target, key, options([...unsigned, `If-None-Match: ${etag}`]));
      assert.deepEqual([second.status, second.output], ["304", ""]);
    });
  },

  "--aws-sigv4 lists a prefix": async (target) => {
    const key = newKey(target);
    await putText(target, key, "x");
    const query = `list-type=2&max-keys=5&prefix=${encodeURIComponent(key)}`;
    const answer = await signed(target, `?${query}`, options(["x-amz-content-sha256: UNSIGNED-PAYLOAD"]));
    assert.equal(answer.status, "200");
    assert.ok(answer.output.includes(`<Key>${key}</Key>`));
  },

  "a wrong secret is refused": async (target) => {
    const wrong = { ...target, secretKey: "wrong" };
    const answer = await signed(wrong, newKey(target), options(["x-amz-content-sha256: UNSIGNED-PAYLOAD"]));
    assert.deepEqual([answer.status, answer.output.includes("SignatureDoesNotMatch")], ["403", true]);
  },
});

/** Runs curl as host/ship does; the secret goes by standard input, never into the process list. */
async function signed(
  target: Target,
  path: string,
  args: string[],
): Promise<{ status: string; output: string }> {
  await needCurl();
  const provider = `aws:amz:${target.region}:s3`;
  const url = `${target.endpoint}/${target.bucket}${path.startsWith("?") ? "" : "/"}${path}`;
  const started = run("curl", [
    "-sS",
    "-w",
    "\n%{http_code}",
    "--aws-sigv4",
    provider,
    "-K",
    "-",
    ...args,
    url,
  ]);
  started.child.stdin?.end(`user = "${target.accessKey}:${target.secretKey}"\n`);
  const { stdout } = await started;
  const end = stdout.lastIndexOf("\n");
  return { output: stdout.slice(0, end), status: stdout.slice(end + 1) };
}

function options(headers: string[]): string[] {
  return headers.flatMap((header) => ["-H", header]);
}

async function needCurl(): Promise<void> {
  const version = await run("curl", ["--version"]).catch(() => undefined);
  if (!version) throw new Skipped("curl is not on this machine");
  const [, major, minor] = /^curl (\d+)\.(\d+)/.exec(version.stdout) ?? [];
  const number = Number(major) + Number(minor) / 100;
  if (!(number >= LEAST_CURL)) throw new Skipped(`curl ${major}.${minor} cannot sign for S3; 7.88 can`);
}

async function withFolder(use: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "fleetban-conformance-"));
  try {
    await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
