import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { segmentKey } from "../../functions/count/keys.ts";
import { fingerprintOf } from "../../functions/read/fingerprint.ts";
import { append, joined, logLines, startHost, type TestHost } from "./factories.ts";
import { makeCertificate, startConnectProxy, startFront } from "./front.ts";
import { DONE, describeWith } from "./programs.ts";

describeWith(["curl", "openssl", "gzip", "flock"])("ship in trouble", () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await startHost(["sh"]);
  });
  afterEach(() => host.stop());

  const shipped = async () => [...joined(await host.segments()).values()].map(String);
  const stateOf = async (line: string) =>
    join(host.dir, "state", "ship", fingerprintOf(Buffer.from(line.split("\n")[0]!)));

  test("sends the same segment again where it never heard that it was taken, though the log has grown", async () => {
    let lost = 0;
    const loses = ({ method }: { method?: string | undefined }) => method === "PUT" && lost++ === 0;
    await host.configure({ endpoint: await startFront(host.endpoint, { loses }) });
    const [first, more] = [logLines(3), logLines(2)];
    await append(host.log(), first);
    expect(await host.ship()).toMatchObject({ code: 1, stderr: expect.stringContaining("no usable answer") });
    expect(await readFile(await stateOf(first), "utf8")).toContain(`intent 0 ${first.length}\n`);
    await append(host.log(), more);
    expect(await host.ship()).toEqual(DONE);
    expect((await host.segments()).map(({ start, end }) => [start, end])).toEqual([
      [0, first.length],
      [first.length, first.length + more.length],
    ]);
    expect(await shipped()).toEqual([first + more]);
  });

  test("takes nothing for shipped that was refused", async () => {
    const refuses = ({ method }: { method?: string | undefined }) => method === "PUT";
    await host.configure({ endpoint: await startFront(host.endpoint, { refuses }) });
    const first = logLines(3);
    await append(host.log(), first);
    expect(await host.ship()).toMatchObject({ code: 1, stderr: expect.stringContaining("HTTP 503") });
    await host.configure({});
    expect(await host.ship()).toEqual(DONE);
    expect(await shipped()).toEqual([first]);
  });

  test.each([
    ["empty, as after a power cut", ""],
    ["of zeros", "\0".repeat(100)],
    ["without an end", "offset"],
    ["of something else", "offset 0x10\nintent 0 $(reboot)\n"],
  ])("asks the bucket where a state is %s", async (_, state) => {
    const [first, more] = [logLines(3), logLines(2)];
    await append(host.log(), first);
    await host.ship();
    await writeFile(await stateOf(first), state);
    await append(host.log(), more);
    expect(await host.ship()).toMatchObject({ code: 0, stdout: "" });
    expect(await shipped()).toEqual([first + more]);
  });

  test("finds the end of what is there among more segments than a list names at once", async () => {
    const lines = Array.from({ length: 1002 }, (_, n) => `Nov 24 03:00:00 ${String(n).padStart(4, "0")}\n`);
    const size = lines[0]!.length;
    const key = (n: number) => segmentKey("mx1.example.net", FINGERPRINT, n * size, (n + 1) * size);
    const FINGERPRINT = fingerprintOf(Buffer.from(lines[0]!.trimEnd()));
    const put = (n: number) =>
      host.client.send(
        new PutObjectCommand({ Bucket: "logs", Key: key(n), Body: gzipSync(lines[n]!), IfNoneMatch: "*" }),
      );
    for (let n = 0; n < 1001; n += 20)
      await Promise.all(Array.from({ length: Math.min(20, 1001 - n) }, (_, more) => put(n + more)));
    await writeFile(host.log(), lines.join(""));
    expect(await host.ship()).toEqual(DONE);
    await host.client.send(new HeadObjectCommand({ Bucket: "logs", Key: key(1001) }));
  });

  test("waits for a run that is at work, where it is told to", async () => {
    await append(host.log(), logLines(1));
    await host.ship();
    await append(host.log(), logLines(1));
    const lock = join(host.dir, "state", "ship", ".lock");
    const other = spawn("flock", [lock, "sh", "-c", "echo locked; exec sleep 2"]);
    await once(other.stdout, "data");
    expect(await host.ship(["--now", "--wait", "50"])).toEqual(DONE);
    expect(await host.segments()).toHaveLength(2);
  });

  test("leaves a run that is at work alone, and says nothing", async () => {
    await append(host.log(), logLines(1));
    await host.ship();
    await append(host.log(), logLines(1));
    const lock = join(host.dir, "state", "ship", ".lock");
    const other = spawn("flock", [lock, "sh", "-c", "echo locked; exec sleep 60"], { detached: true });
    await once(other.stdout, "data");
    expect(await host.ship()).toEqual(DONE);
    expect((await host.ship(["--now", "--verbose"])).stderr).toContain("another run is at work");
    expect(await host.segments()).toHaveLength(1);
    process.kill(-other.pid!, "SIGKILL");
    await once(other, "exit");
    expect(await host.ship()).toEqual(DONE);
    expect(await host.segments()).toHaveLength(2);
  });

  test("waits a random time, at most as long as it is told", async () => {
    const spies = join(host.dir, "spies");
    await mkdir(spies);
    await writeFile(join(spies, "sleep"), `#!/bin/sh\necho "$*" >>"${spies}/slept"\n`, { mode: 0o755 });
    const env = { PATH: `${spies}:${process.env.PATH}` };
    await append(host.log(), logLines(1));
    for (let runs = 0; runs < 12; runs++) expect(await host.ship(["--jitter", "7"], { env })).toEqual(DONE);
    expect(await host.ship(["--jitter", "0"], { env })).toEqual(DONE);
    const slept = (await readFile(join(spies, "slept"), "utf8")).trimEnd().split("\n").map(Number);
    expect(slept).toHaveLength(12);
    expect(new Set(slept).size).toBeGreaterThan(1);
    for (const seconds of slept) expect([0, 1, 2, 3, 4, 5, 6, 7]).toContain(seconds);
    expect(await host.ship(["--jitter", "1m"])).toMatchObject({ code: 2 });
  });

  test.each(["curl", "openssl"])("goes through the proxy of HTTPS_PROXY, signed by %s", async (signer) => {
    const path = join(host.dir, "tls");
    await makeCertificate(path);
    const [key, cert] = await Promise.all(
      [`${path}.key`, `${path}.crt`].map((file) => readFile(file, "utf8")),
    );
    const endpoint = await startFront(host.endpoint, { tls: { key: key!, cert: cert! } });
    const proxy = await startConnectProxy();
    await host.configure({ endpoint, signer });
    const log = logLines(2);
    await append(host.log(), log);
    const env = { HTTPS_PROXY: proxy.url, NO_PROXY: "", no_proxy: "", CURL_CA_BUNDLE: `${path}.crt` };
    expect(await host.ship(["--now"], { env })).toEqual(DONE);
    expect(await shipped()).toEqual([log]);
    expect(new Set(proxy.asked)).toEqual(new Set([endpoint.slice("https://".length)]));
    await append(host.log(), logLines(1));
    const nobody = { ...env, HTTPS_PROXY: "http://127.0.0.1:9" };
    expect(await host.ship(["--now"], { env: nobody })).toMatchObject({ code: 1 });
  });
});
