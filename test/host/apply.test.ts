import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildManifest, type Manifest, parseManifest } from "../../functions/list/manifest.ts";
import { startHost, type TestHost } from "./factories.ts";
import { newKey, type Publisher, startPublisher } from "./lists.ts";
import { describeWith } from "./programs.ts";

const now = () => Math.floor(Date.now() / 1000);

// 192.0.2.0/24 is left alone here: a test machine's own network may be that, and is never listed.

/** What is fetched and checked, without a kernel: --dry-run. What the kernel then does is in test/e2e. */
describeWith(["curl", "openssl", "flock", "awk"])("apply --dry-run", () => {
  let host: TestHost;
  let publisher: Publisher;
  beforeAll(async () => {
    host = await startHost(["sh"]);
    publisher = await startPublisher(host);
  });
  afterAll(() => host.stop());

  test("says so where no list has been published yet", async () => {
    const reason = expect.stringMatching(/blocklist\/manifest: AccessDenied: .*what is not there/);
    expect(await host.apply(["--dry-run"])).toMatchObject({ code: 1, stdout: "", stderr: reason });
  });

  const listed = async () => networksIn((await host.apply(["--dry-run"])).stdout);

  test("reads a list as published", async () => {
    const networks = ["198.51.100.0/24", "203.0.113.1", "203.0.113.7", "2001:db8::1", "2001:db8:1:2::/64"];
    const { serial } = await publisher.publish(networks);
    expect(await listed()).toEqual(networks);
    expect((await host.apply(["--dry-run"])).stdout).toContain(`would apply serial ${serial}`);
  });

  test("reads it from any web server", async () => {
    const web = createServer(async ({ url }, response) => {
      const object = await host.client.send(new GetObjectCommand({ Bucket: "lists", Key: url!.slice(1) }));
      response.end(await object.Body!.transformToByteArray());
    });
    await new Promise<void>((listening) => web.listen(0, "127.0.0.1", listening));
    await publisher.publish(["203.0.113.5"]);
    await host.configure({
      "lists-url": `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
      endpoint: "",
    });
    expect(await listed()).toEqual(["203.0.113.5"]);
    await host.configure({});
    web.close();
  });

  test("takes an empty list for one", async () => {
    await publisher.publish([]);
    expect(await host.apply(["--dry-run"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(", 0 networks"),
    });
  });

  test("caps the time at what the kernel takes and leaves out what has ended", async () => {
    const content = `203.0.113.1\t${now() + 90 * 86_400}\n203.0.113.2\t${now() - 1}\n203.0.113.3\t${now() + 1000}\n`;
    await publisher.publish([], { content });
    const { stdout } = await host.apply(["--dry-run"]);
    expect(stdout).toMatch(/^203\.0\.113\.1 for 2147483 s\n203\.0\.113\.3 for (1000|99\d) s\n$/m);
  });

  test("verifies with any key of the folder", async () => {
    const { publicKey } = newKey();
    await writeFile(
      join(host.dir, "keys.d", "another.pem"),
      publicKey.export({ type: "spki", format: "pem" }),
    );
    await writeFile(join(host.dir, "keys.d", "broken.pem"), "no key");
    await publisher.publish(["203.0.113.1"]);
    expect(await listed()).toEqual(["203.0.113.1"]);
  });

  test("never lists what the administrator protects, nor this host's own", async () => {
    await writeFile(
      join(host.dir, "never"),
      "# the office\n203.0.113.64/27  # half a floor\n\n2001:DB8:5::/48\n198.51.100.9\nexample.com\n",
    );
    await publisher.publish([
      "127.0.0.1",
      "198.51.100.0/24",
      "203.0.113.7",
      "203.0.113.65",
      "203.0.113.128/25",
      "2001:db8::/32",
      "2001:db8:5:1::/64",
      "2001:db8:6::1",
    ]);
    const { stdout, stderr } = await host.apply(["--dry-run"]);
    await rm(join(host.dir, "never"));
    expect(networksIn(stdout)).toEqual(["203.0.113.7", "203.0.113.128/25", "2001:db8:6::1"]);
    expect(stderr).toContain("'example.com' is no address or network");
  });

  test.each<[string, string]>([
    ["a command", "203.0.113.1; reboot\t9999999999\n"],
    ["a host name", "attacker.example\t9999999999\n"],
    ["a leading zero", "010.0.0.1\t9999999999\n"],
    ["a short form", "127.1\t9999999999\n"],
    ["everything", "0.0.0.0/0\t9999999999\n"],
    ["half of everything", "0.0.0.0/1\t9999999999\n"],
    ["a network wider than /8", "12.0.0.0/7\t9999999999\n"],
    ["an IPv6 network wider than /16", "2000::/12\t9999999999\n"],
    ["host bits", "203.0.113.1/24\t9999999999\n"],
    ["a single address with a prefix", "203.0.113.1/32\t9999999999\n"],
    ["IPv6 that is not canonical", "2001:db8:0:0::1\t9999999999\n"],
    ["capital letters", "2001:DB8::1\t9999999999\n"],
    ["an IPv4-mapped address", "::ffff:203.0.113.1\t9999999999\n"],
    ["a zone", "fe80::1%eth0\t9999999999\n"],
    ["no time", "203.0.113.1\n"],
    ["a time that is no number", "203.0.113.1\t9999999999s\n"],
    ["a time of too many digits", "203.0.113.1\t9999999999999\n"],
    ["a third column", "203.0.113.1\t9999999999\tnomatch\n"],
    ["a carriage return", "203.0.113.1\t9999999999\r\n"],
    ["an empty line", "\n"],
    ["a leading blank", " 203.0.113.1\t9999999999\n"],
    ["an address twice", "203.0.113.1\t9999999999\n203.0.113.1\t9999999998\n"],
    ["lines out of order", "203.0.113.2\t9999999999\n203.0.113.1\t9999999999\n"],
    ["IPv6 before IPv4", "2001:db8::1\t9999999999\n203.0.113.1\t9999999999\n"],
  ])("refuses a signed list with %s", async (_, content) => {
    await publisher.publish([], { content });
    expect(await host.apply(["--dry-run"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/the list is refused: line \d+: /),
    });
  });

  test.each<[string, Partial<Manifest>, RegExp]>([
    ["has expired", { expires: now() - 5 }, /the list expired at .* this host's clock says /],
    ["was made in the future", { created: now() + 3600, expires: now() + 7200 }, /the clock is off/],
    ["names another number of networks", { networks: 3 }, /2 lines where the manifest says 3/],
    [
      "names another size",
      { files: { "blocklist.tsv": { size: 3, sha256: "0".repeat(64) } } },
      /no usable answer|size or SHA-256/,
    ],
    [
      "names a size too large",
      { files: { "blocklist.tsv": { size: 99_999_999, sha256: "0".repeat(64) } } },
      /larger than/,
    ],
    [
      "names another hash",
      { files: { "blocklist.tsv": { size: 46, sha256: "0".repeat(64) } } },
      /size or SHA-256 differs/,
    ],
    [
      "names no blocklist.tsv",
      { files: { "plain.txt": { size: 3, sha256: "0".repeat(64) } } },
      /a field is missing/,
    ],
  ])("refuses a list whose manifest %s", async (_, changed, reason) => {
    await publisher.publish(["203.0.113.1", "203.0.113.2"], changed);
    expect(await host.apply(["--dry-run"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(reason),
    });
  });

  const other = newKey().privateKey;
  test.each<[string, (text: string, publisher: Publisher) => Promise<unknown>, RegExp]>([
    [
      "signed by another",
      (text, { putManifest }) => putManifest(withoutSignature(text), other),
      /no key of .* has signed it/,
    ],
    [
      "changed after signing",
      (text, { put }) => put("blocklist/manifest", text.replace("default", "changed")),
      /no key/,
    ],
    ["cut off", (text, { put }) => put("blocklist/manifest", text.slice(0, -30)), /no key/],
    ["without a signature", (text, { put }) => put("blocklist/manifest", withoutSignature(text)), /no key/],
    ["empty", (_, { put }) => put("blocklist/manifest", ""), /no key/],
    ["followed by more", (text, { put }) => put("blocklist/manifest", `${text}"serial":1,\n`), /no key/],
    [
      "of another format",
      (text, { putManifest }) => putManifest(withoutSignature(text).replace("manifest-1", "manifest-2")),
      /a format/,
    ],
    [
      "with a field twice",
      (text, { putManifest }) => putManifest(`${withoutSignature(text)}"serial":5,\n`),
      /twice/,
    ],
    [
      "with a path",
      (text, { putManifest }) => putManifest(withoutSignature(text).replace('"blocklist/', '"blocklist/../')),
      /malformed/,
    ],
    [
      "larger than any",
      (_, { put }) => put("blocklist/manifest", "x".repeat(70_000)),
      /no usable answer|maximum/i,
    ],
  ])("refuses a manifest %s", async (_, damage, reason) => {
    const manifest = await publisher.publish(["203.0.113.1"]);
    await damage(await storedText(manifest), publisher);
    expect(await host.apply(["--dry-run"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(reason),
    });
  });

  const storedText = async (manifest: Manifest) => {
    await publisher.putManifest(buildManifest(manifest));
    const object = await host.client.send(
      new GetObjectCommand({ Bucket: "lists", Key: "blocklist/manifest" }),
    );
    const text = await object.Body!.transformToString();
    expect(parseManifest(text).serial).toBe(manifest.serial);
    return text;
  };

  test.each<[string, Record<string, string>, RegExp]>([
    [
      "the server is away",
      { endpoint: "http://127.0.0.1:9" },
      /no usable answer from http:\/\/127\.0\.0\.1:9/,
    ],
    ["the secret is wrong", { "secret-access-key": "wrong" }, /SignatureDoesNotMatch/],
    ["there is no key to verify with", { keys: "/nonexistent" }, /\/nonexistent: no \*\.pem there/],
  ])("says so where %s", async (_, settings, reason) => {
    await publisher.publish(["203.0.113.1"]);
    await host.configure(settings);
    const ended = await host.apply(["--dry-run"]);
    await host.configure({});
    expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(reason) });
  });
});

/** The networks that --dry-run would load: a line each, after the first. */
function networksIn(stdout: string): string[] {
  return stdout
    .split("\n")
    .slice(1, -1)
    .map((line) => line.split(" ")[0]!);
}

function withoutSignature(text: string): string {
  return text.slice(0, text.indexOf('"signature"'));
}
