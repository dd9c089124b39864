import { readFileSync } from "node:fs";
import { copyFile, mkdir, rename, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprintOf } from "../../functions/read/fingerprint.ts";
import { append, joined, logLines, SECRET, startHost, stateFiles, type TestHost } from "./factories.ts";
import { DONE, describeWith } from "./programs.ts";

const longAgo = new Date(Date.now() - 3_600_000);

describeWith(["curl", "openssl", "gzip", "flock"])("ship", () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await startHost(["sh"]);
  });
  afterEach(() => host.stop());

  const shipped = async () => [...joined(await host.segments()).values()].map(String).sort();

  test.each(["curl", "openssl"])("ships each line once, signed by %s", async (signer) => {
    await host.configure({ signer });
    const first = logLines(3);
    await append(host.log(), `${first}Nov 24 half a li`);
    expect(await host.ship()).toEqual(DONE);
    expect(await host.ship()).toEqual(DONE);
    await append(host.log(), "ne\n");
    expect(await host.ship()).toEqual(DONE);
    expect((await host.segments()).map(({ start }) => start)).toEqual([0, first.length]);
    expect(await shipped()).toEqual([`${first}Nov 24 half a line\n`]);
  });

  test("tells of each segment what a reader needs", async () => {
    const text = logLines(2);
    await append(host.log("mail.log-ä"), text);
    await utimes(host.log("mail.log-ä"), longAgo, longAgo);
    await host.ship();
    const [segment] = await host.segments();
    expect(segment?.fingerprint).toBe(fingerprintOf(Buffer.from(text.split("\n")[0]!)));
    expect(segment?.metadata).toEqual({
      "log-name": "mail.log-__",
      "log-mtime": String(Math.floor(longAgo.getTime() / 1000)),
      "time-zone": "Europe/Berlin",
    });
  });

  test.each([
    ["an empty line", "\n"],
    ["1,024 bytes", `${"a".repeat(1024)}\n`],
    ["1,025 bytes", `${"b".repeat(1025)}\n`],
    ["100,000 bytes", `${"c".repeat(100_000)}\n`],
    ["a carriage return", "line\r\n"],
    ["bytes that are no text", Buffer.from([0x80, 0xff, 0x00, 0x01, 0x0a])],
  ])("knows a log by its first line: %s", async (_, line) => {
    await writeFile(host.log(), line);
    await append(host.log(), logLines(1));
    expect(await host.ship()).toEqual(DONE);
    const [segment] = await host.segments();
    expect(segment?.fingerprint).toBe(fingerprintOf(Buffer.from(line).subarray(0, -1)));
  });

  test("waits for 64 KB or five minutes of lines", async () => {
    await append(host.log(), logLines(1));
    expect(await host.ship([])).toEqual(DONE);
    expect(await host.segments()).toEqual([]);
    await host.configure({ "ship-after": "120" });
    expect(await host.ship([])).toEqual(DONE);
    expect(await host.segments()).toEqual([]);
    await host.configure({ "ship-after": "90" }); // the first look comes up to a minute late, the next run would be later still
    expect(await host.ship([])).toEqual(DONE);
    expect(await host.segments()).toHaveLength(1);
    await host.configure({});
    await append(host.log(), logLines(600));
    expect(await host.ship([])).toEqual(DONE);
    expect(await host.segments()).toHaveLength(2);
  });

  test("follows a log through rotation, a writer that goes on, and compression", async () => {
    const parts = [logLines(4), logLines(3), logLines(2), logLines(1)];
    await append(host.log(), parts[0]!);
    await host.ship();
    await append(host.log(), parts[1]!);
    await rename(host.log(), host.log("mail.log.1"));
    await append(host.log(), "Nov 24 04:00:00 the next log\n");
    await host.ship();
    await append(host.log("mail.log.1"), parts[2]!);
    await host.ship();
    const whole = `${readFileSync(host.log("mail.log.1"))}${parts[3]}Nov 24 cut off`;
    await writeFile(host.log("mail.log.2.gz"), gzipSync(whole));
    await rm(host.log("mail.log.1"));
    expect(await host.ship()).toEqual(DONE);
    expect(await shipped()).toEqual(["Nov 24 04:00:00 the next log\n", whole].sort());
    const ends = (await host.segments()).filter(({ metadata }) => metadata["log-end"] === "1");
    expect(ends.map(({ end }) => end)).toEqual([whole.length]);
  });

  test("loses nothing by two rotations between two runs", async () => {
    const logs = [logLines(5), logLines(4), logLines(3)];
    await append(host.log(), logs[0]!.slice(0, logs[0]!.indexOf("\n") + 1));
    await host.ship();
    await writeFile(host.log("mail.log.2.gz"), gzipSync(logs[0]!));
    await writeFile(host.log("mail.log.1"), logs[1]!);
    await writeFile(host.log(), logs[2]!);
    expect(await host.ship()).toEqual(DONE);
    expect(await shipped()).toEqual([...logs].sort());
  });

  test("follows copytruncate", async () => {
    const [before, rest, after] = [logLines(3), logLines(2), logLines(4)] as [string, string, string];
    await append(host.log(), before);
    await host.ship();
    await append(host.log(), rest);
    await copyFile(host.log(), host.log("mail.log.1"));
    await truncate(host.log());
    await host.ship();
    await append(host.log(), after);
    expect(await host.ship()).toEqual(DONE);
    expect(await shipped()).toEqual([before + rest, after].sort());
  });

  test("marks the end of a rotated log that nobody writes any more", async () => {
    await append(host.log("mail.log.1"), `${logLines(2)}Nov 24 cut off`);
    await utimes(host.log("mail.log.1"), longAgo, longAgo);
    await host.ship([]);
    const [segment] = await host.segments();
    expect(segment?.metadata["log-end"]).toBe("1");
    expect(String(segment?.bytes)).toMatch(/cut off$/);
  });

  test("asks the bucket where its state is lost", async () => {
    const parts = [logLines(2), logLines(2), logLines(2)];
    for (const part of parts.slice(0, 2)) {
      await append(host.log(), part);
      await host.ship();
    }
    await rm(join(host.dir, "state"), { recursive: true });
    await append(host.log(), parts[2]!);
    expect(await host.ship()).toEqual(DONE);
    expect(await shipped()).toEqual([parts.join("")]);
    expect(await host.segments()).toHaveLength(3);
  });

  test("treats a damaged state as lost", async () => {
    await append(host.log(), logLines(2));
    await host.ship();
    const [segment] = await host.segments();
    await writeFile(join(host.dir, "state", "ship", segment!.fingerprint), "offset 7;reboot\n");
    expect(await host.ship()).toEqual(DONE);
    expect(await host.segments()).toHaveLength(1);
  });

  test("cuts a large log at line ends", async () => {
    const text = logLines(90_000);
    await writeFile(host.log("mail.log.3.gz"), gzipSync(text));
    expect(await host.ship()).toEqual(DONE);
    const segments = await host.segments();
    expect(segments.length).toBeGreaterThan(1);
    expect(segments.every(({ bytes }) => bytes.at(-1) === 0x0a && bytes.length <= 8 * 1024 * 1024)).toBe(
      true,
    );
    expect((await shipped())[0] === text).toBe(true);
  });

  test("killed at any moment, ships each byte once", async () => {
    let text = "";
    for (let round = 0; round < 12; round++) {
      text += logLines(20);
      await writeFile(host.log(), text);
      await host.ship(["--now"], { killAfter: 20 + round * 15 });
    }
    expect(await host.ship()).toEqual(DONE);
    expect(await shipped()).toEqual([text]);
  });

  test("ships what is readable of a damaged archive, and says so once", async () => {
    const text = logLines(5000);
    await writeFile(host.log("mail.log.1.gz"), gzipSync(text).subarray(0, 20_000));
    await utimes(host.log("mail.log.1.gz"), longAgo, longAgo);
    const first = await host.ship();
    expect(first).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/mail\.log\.1\.gz: damaged: .*unexpected end/),
    });
    const [partial] = await shipped();
    expect(partial?.length).toBeGreaterThan(1000);
    expect(text.startsWith(partial!) && partial!.endsWith("\n")).toBe(true);
    expect(await host.ship()).toEqual(DONE);
    await writeFile(host.log("mail.log.1.gz"), gzipSync(text));
    expect(await host.ship()).toEqual(DONE);
    expect((await shipped())[0] === text).toBe(true);
  });

  test("leaves out another log that begins with the same line", async () => {
    const [line, one, other] = [logLines(1), logLines(3), logLines(9)] as [string, string, string];
    await append(host.log(), line + one);
    await host.ship();
    await append(host.log("mail.log-other"), line + other);
    expect(await host.ship()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("mail.log-other: begins as another"),
    });
    expect(await shipped()).toEqual([line + one]);
  });

  test("changes nothing with --dry-run", async () => {
    await append(host.log(), logLines(1));
    const { code, stdout } = await host.ship(["--now", "--dry-run"]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/mail\.log: would ship bytes 0 to \d+/),
    });
    expect(await host.segments()).toEqual([]);
    expect(await stateFiles(join(host.dir, "state", "ship"))).toEqual([".finished", ".lock"]);
  });

  test.each([
    ["a wrong secret", { "secret-access-key": "wrong" }, /SignatureDoesNotMatch: check access-key-id/],
    ["an unknown key", { "access-key-id": "NOBODY" }, /InvalidAccessKeyId: check access-key-id/],
    ["another host's name", { host: "mx2" }, /AccessDenied: is this host registered under the name 'mx2'/],
    [
      "a bucket that is not there",
      { "logs-bucket": "nowhere" },
      /nowhere\/mx1\.example\.net\/.*(NoSuchBucket|AccessDenied)/,
    ],
    [
      "no server",
      { endpoint: "http://127.0.0.1:9" },
      /no usable answer from http:\/\/127\.0\.0\.1:9: .*connect/,
    ],
  ])("says what is wrong with %s, and makes good for it later", async (_, wrong, reason) => {
    await append(host.log(), logLines(2));
    await host.configure(wrong);
    for (const signer of ["curl", "openssl"]) {
      await host.configure({ ...wrong, signer });
      expect(await host.ship()).toMatchObject({ code: 1, stderr: expect.stringMatching(reason) });
    }
    await host.configure({});
    expect(await host.ship()).toEqual(DONE);
    expect(await host.segments()).toHaveLength(1);
  });

  test.each([
    [{ colour: "red" }, /fleetban\.conf:\d+: unknown key 'colour'/],
    [{ host: "../mx1" }, /host '\.\.\/mx1'/],
    [{ endpoint: "ftp://x" }, /endpoint 'ftp:\/\/x'/],
    [{ "secret-access-key": 'a"b' }, /a character that has no place/],
    [{ ports: "25 22" }, /port 22 is never closed/],
    [{ ports: "70000" }, /'70000' in ports is no port/],
    [{ state: "$(reboot)" }, /state/],
  ])("refuses the configuration %j", async (wrong, reason) => {
    await host.configure(wrong);
    expect(await host.ship()).toMatchObject({ code: 2, stderr: expect.stringMatching(reason) });
  });

  test("says once that there is no log by any of the names, and takes an empty one for a log", async () => {
    expect(await host.ship()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no file there by the names of the configuration: .*mail\.log\*/),
    });
    expect(await host.ship()).toEqual({ code: 1, stdout: "", stderr: "" });
    await append(host.log(), "");
    expect(await host.ship()).toEqual(DONE);
  });

  test("runs once at a time", async () => {
    await append(host.log(), logLines(2));
    const runs = await Promise.all([host.ship(), host.ship(), host.ship()]);
    expect(runs).toEqual([DONE, DONE, DONE]);
    expect(await host.segments()).toHaveLength(1);
  });

  test.each(["curl", "openssl"])(
    "shows no secret in any program's arguments, signed by %s",
    async (signer) => {
      await host.configure({ signer });
      const seen = await spyOnArguments(host.dir);
      await append(host.log(), logLines(2));
      expect(await host.ship(["--now"], { env: { PATH: `${seen.dir}:${process.env.PATH}` } })).toEqual(DONE);
      expect(seen.arguments()).toContain("curl");
      expect(seen.arguments()).not.toContain(SECRET);
      expect(seen.arguments()).not.toContain(Buffer.from(SECRET).toString("hex"));
    },
  );
});

/** Puts before each program one that notes its arguments, as `ps` would show them. */
async function spyOnArguments(dir: string) {
  const spies = join(dir, "spies");
  await mkdir(spies);
  for (const program of ["curl", "openssl", "awk", "sed", "od", "tr", "cut", "sort", "cat", "head"]) {
    const script = `#!/bin/sh\necho "${program} $*" >>"${spies}/seen"\nPATH=\${PATH#*:} exec ${program} "$@"\n`;
    await writeFile(join(spies, program), script, { mode: 0o755 });
  }
  return { dir: spies, arguments: () => readFileSync(join(spies, "seen"), "utf8") };
}
