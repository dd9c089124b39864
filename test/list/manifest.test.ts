import { execFileSync } from "node:child_process";
import { generateKeyPairSync, sign, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  BadManifest,
  buildManifest,
  fileFacts,
  folderOf,
  type Manifest,
  nextSerial,
  parseManifest,
  signedPart,
  withSignature,
} from "../../functions/list/manifest.ts";
import { NOW } from "./factories.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const files = {
  "blocklist.tsv": fileFacts("192.0.2.1\t1764000000\n"),
  "plain.txt": fileFacts("192.0.2.1\n"),
};
const manifest: Manifest = {
  serial: 1_764_000_000,
  created: NOW,
  expires: NOW + 172_800,
  policy: "default",
  folder: folderOf(1_764_000_000, files),
  networks: 1,
  files,
};

function signed(text: string): string {
  return withSignature(text, sign("sha256", Buffer.from(text), privateKey).toString("base64"));
}

describe("a manifest", () => {
  test("has one member a line, in this order", () => {
    expect(buildManifest(manifest).split("\n")).toEqual([
      '{"format":"fleetban-manifest-1",',
      '"serial":1764000000,',
      '"created":"2026-11-24T03:00:00Z",',
      '"expires":"2026-11-26T03:00:00Z",',
      '"policy":"default",',
      expect.stringMatching(/^"folder":"blocklist\/1764000000-[0-9a-f]{16}",$/),
      '"networks":1,',
      expect.stringMatching(/^"blocklist\.tsv":\{"size":21,"sha256":"[0-9a-f]{64}"\},$/),
      expect.stringMatching(/^"plain\.txt":\{"size":10,"sha256":"[0-9a-f]{64}"\},$/),
      "",
    ]);
  });

  test("is JSON, reads back, and its signature holds", () => {
    const text = signed(buildManifest(manifest));
    expect(JSON.parse(text)).toMatchObject({ serial: 1_764_000_000, "plain.txt": files["plain.txt"] });
    expect(parseManifest(text)).toEqual(manifest);
    const { signed: over, signature } = signedPart(text);
    expect(verify("sha256", Buffer.from(over), publicKey, Buffer.from(signature, "base64"))).toBe(true);
  });

  test.each([
    ["empty", ""],
    ["without signature", buildManifest(manifest)],
    ["with a signature inside", `${signed(buildManifest(manifest))}{}`],
    [
      "signature on the line of another member",
      signed(buildManifest(manifest)).replace(/,\n"signature/, ',"signature'),
    ],
    ["another format", signed(buildManifest(manifest).replace("manifest-1", "manifest-2"))],
    ["members in another order", signed(swapLines(buildManifest(manifest), 1, 2))],
    [
      "a member twice",
      signed(buildManifest(manifest).replace('"networks":1,', '"networks":1,\n"networks":2,')),
    ],
    ["a serial with leading zero", signed(buildManifest(manifest).replace(":1764", ":01764"))],
    ["a folder elsewhere", signed(buildManifest(manifest).replace("blocklist/1764", "../secret/1764"))],
    [
      "a folder of another serial",
      signed(buildManifest(manifest).replace("blocklist/1764", "blocklist/1765")),
    ],
    ["a file with a path", signed(buildManifest(manifest).replace("plain.txt", "../plain.txt"))],
    ["a file twice", signed(buildManifest(manifest).replace("plain.txt", "blocklist.tsv"))],
    ["no file", signed(buildManifest(manifest).split("\n").slice(0, 7).join("\n").concat("\n"))],
    ["a day that is none", signed(buildManifest(manifest).replace("2026-11-24T", "2026-11-31T"))],
    ["CRLF", signed(buildManifest(manifest)).replaceAll("\n", "\r\n")],
    ["too long", `${" ".repeat(70_000)}${signed(buildManifest(manifest))}`],
  ])("%s is refused", (_, text) => {
    expect(() => parseManifest(text)).toThrow(BadManifest);
  });

  test("with any character changed is refused or differs, and its signature fails", () => {
    const text = signed(buildManifest(manifest));
    const changed = fc.tuple(
      fc.integer({ min: 0, max: text.lastIndexOf('"signature"') - 1 }),
      fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(changed, ([at, char]) => {
        fc.pre(text[at] !== char);
        const forged = text.slice(0, at) + char + text.slice(at + 1);
        // the line end before the signature: then there is none on a line of its own
        if (at === text.lastIndexOf('"signature"') - 1) {
          expect(() => signedPart(forged)).toThrow(BadManifest);
          return;
        }
        const { signed: over, signature } = signedPart(forged);
        expect(verify("sha256", Buffer.from(over), publicKey, Buffer.from(signature, "base64"))).toBe(false);
      }),
    );
  });

  test("says what a file had to leave out", () => {
    const cut = { ...manifest, files: { ...files, "plain.txt": { ...files["plain.txt"], cut: 7 } } };
    expect(buildManifest(cut)).toMatch(/\n"plain\.txt":\{"size":10,"sha256":"[0-9a-f]{64}","cut":7\},\n$/);
    expect(parseManifest(signed(buildManifest(cut)))).toEqual(cut);
  });

  test("refuses a signature that is not base64", () => {
    expect(() => withSignature(buildManifest(manifest), '"}\n{"')).toThrow(BadManifest);
  });

  test("refuses to be built so that it would not read back", () => {
    expect(() => buildManifest({ ...manifest, policy: 'x",\n"serial":9' })).toThrow(BadManifest);
  });
});

describe("serials and folders", () => {
  test("a serial is the time, or one more than the one before", () => {
    expect(nextSerial(undefined, NOW)).toBe(NOW);
    expect(nextSerial(NOW - 60, NOW)).toBe(NOW);
    expect(nextSerial(NOW, NOW)).toBe(NOW + 1);
    expect(nextSerial(NOW + 3600, NOW)).toBe(NOW + 3601);
  });

  test("a folder's name tells its files apart", () => {
    const other = { ...files, "plain.txt": fileFacts("192.0.2.2\n") };
    expect(folderOf(7, files)).toMatch(/^blocklist\/7-[0-9a-f]{16}$/);
    expect(folderOf(7, other)).not.toBe(folderOf(7, files));
    expect(folderOf(7, { "plain.txt": files["plain.txt"], "blocklist.tsv": files["blocklist.tsv"] })).toBe(
      folderOf(7, files),
    );
  });
});

describe("with the tools of a host", () => {
  const dir = mkdtempSync(join(tmpdir(), "fleetban-manifest-"));
  afterAll(() => rmSync(dir, { recursive: true }));

  /** What host/apply does: all lines but the last, openssl, and the signature from the last. */
  function opensslSays(text: string): string {
    writeFileSync(join(dir, "manifest"), text);
    writeFileSync(join(dir, "key.pem"), publicKey.export({ type: "spki", format: "pem" }));
    const script = `
      sed '$d' manifest > signed
      sed -n '$s/^"signature":"\\([A-Za-z0-9+/=]*\\)"}$/\\1/p' manifest | openssl base64 -d -A > signature
      openssl dgst -sha256 -verify key.pem -signature signature signed 2>&1 || true`;
    return execFileSync("sh", ["-c", script], { cwd: dir, encoding: "utf8" });
  }

  test("openssl verifies it", ({ skip }) => {
    if (!hasOpenssl()) skip("no openssl on this machine");
    expect(opensslSays(signed(buildManifest(manifest)))).toBe("Verified OK\n");
  });

  test("openssl refuses it when a character has changed", ({ skip }) => {
    if (!hasOpenssl()) skip("no openssl on this machine");
    expect(
      opensslSays(signed(buildManifest(manifest)).replace('"networks":1', '"networks":2')),
    ).not.toContain("OK");
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function swapLines(text: string, a: number, b: number): string {
  const lines = text.split("\n");
  [lines[a], lines[b]] = [lines[b]!, lines[a]!];
  return lines.join("\n");
}
