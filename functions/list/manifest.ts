/**
 * The manifest: the small signed file that names the current blocklist. JSON, one member a line, LF line ends,
 * in this order; its last line is the signature over all lines before it, their line ends included:
 *
 *     {"format":"fleetban-manifest-1",
 *     "serial":1764000000,
 *     "created":"2026-11-24T03:00:00Z",
 *     "expires":"2026-11-26T03:00:00Z",
 *     "policy":"default",
 *     "folder":"blocklist/1764000000-0123456789abcdef",
 *     "networks":12,
 *     "blocklist.tsv":{"size":123,"sha256":"<64 hex digits>"},
 *     "signature":"<base64 of the DER ECDSA P-256 signature, SHA-256>"}
 *
 * so that a shell reads it line by line and checks it with `openssl dgst -sha256 -verify`.
 */
import { createHash } from "node:crypto";
import type { EpochSeconds } from "../parse/event.ts";
import { isoTime, readIsoTime } from "./time.ts";

export const MANIFEST_FORMAT = "fleetban-manifest-1";

/**
 * How long hosts go on applying a list that is not renewed, in seconds: long enough for a weekend's repair,
 * shorter than a ban. Renewed at half of it.
 */
export const LIST_LIFETIME = 48 * 3600;

export interface FileFacts {
  /** Bytes. */
  size: number;
  /** 64 hex digits. */
  sha256: string;
  /** Networks of the list that are not in the file, as it takes no more. */
  cut?: number;
}

export interface Manifest {
  serial: number;
  created: EpochSeconds;
  /** Hosts refuse the list from then on. */
  expires: EpochSeconds;
  /** The policy's version: `default` or what `policyVersion` gives. */
  policy: string;
  /** Key prefix of the files, `blocklist/<serial>-<hash>`. */
  folder: string;
  /** Entries of blocklist.tsv. */
  networks: number;
  /** By file name, in the order of writing. */
  files: Record<string, FileFacts>;
}

/** Size and hash of a file's content as published: UTF-8. */
export function fileFacts(content: string | Uint8Array): FileFacts {
  return { size: Buffer.byteLength(content), sha256: createHash("sha256").update(content).digest("hex") };
}

/** The larger of the previous serial plus one and the time, so that it grows whatever the clock does. */
export function nextSerial(previous: number | undefined, now: EpochSeconds): number {
  return Math.max((previous ?? 0) + 1, Math.floor(now));
}

/** `blocklist/<serial>-<hash>`; the hash is over the files' names and hashes, so equal folders hold equal files. */
export function folderOf(serial: number, files: Record<string, FileFacts>): string {
  const lines = Object.entries(files).map(([name, { sha256 }]) => `${sha256}  ${name}\n`);
  return `blocklist/${serial}-${createHash("sha256").update(lines.sort().join("")).digest("hex").slice(0, 16)}`;
}

/** The text to sign: all lines but the last, each with its line end. Throws `BadManifest` on what would not read back. */
export function buildManifest(manifest: Manifest): string {
  const { serial, created, expires, policy, folder, networks, files } = manifest;
  const members: [string, unknown][] = [
    ["format", MANIFEST_FORMAT],
    ["serial", serial],
    ["created", isoTime(created)],
    ["expires", isoTime(expires)],
    ["policy", policy],
    ["folder", folder],
    ["networks", networks],
    ...Object.entries(files).map(([name, { size, sha256, cut }]): [string, unknown] => [
      name,
      { size, sha256, cut },
    ]),
  ];
  const text = `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},\n`).join("")}`;
  readSigned(text);
  return text;
}

/** The whole manifest: the signed text and, as last line, the base64 signature of it. */
export function withSignature(signed: string, signature: string): string {
  if (!SIGNATURE.test(signature)) throw new BadManifest("the signature is not base64");
  return `${signed}"signature":"${signature}"}\n`;
}

/** What the signature is over, and the signature. Throws `BadManifest` where the last line holds none. */
export function signedPart(text: string): { signed: string; signature: string } {
  const start = text.lastIndexOf('"signature":');
  const match = LAST_LINE.exec(start < 0 ? "" : text.slice(start));
  if (match === null || text[start - 1] !== "\n") throw new BadManifest("its last line is not a signature");
  return { signed: text.slice(0, start), signature: match[1]! };
}

/** Reads a manifest strictly; the signature is not checked here. Throws `BadManifest`. */
export function parseManifest(text: string): Manifest {
  if (text.length > MAX_LENGTH) throw new BadManifest(`it is longer than ${MAX_LENGTH} characters`);
  return readSigned(signedPart(text).signed);
}

/** Thrown for text that is no manifest; what to do is up to who reads it: hosts keep what they have. */
export class BadManifest extends Error {
  override name = "BadManifest";
  constructor(problem: string) {
    super(`the manifest cannot be used: ${problem}`);
  }
}

const MAX_LENGTH = 65_536;
/** A P-256 signature in DER is 8 to 72 bytes (RFC 3279, 2.2.3). */
const SIGNATURE = /^[A-Za-z0-9+/]{12,96}={0,2}$/;
const LAST_LINE = /^"signature":"([A-Za-z0-9+/]{12,96}={0,2})"\}\n?$/;

const number = String.raw`(0|[1-9]\d{0,14})`;
const time = String.raw`"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"`;
/** The lines in order; what a shell script finds by line and what JSON.parse finds by name are then the same. */
const HEAD = new RegExp(
  [
    `^\\{"format":"${MANIFEST_FORMAT}",`,
    `"serial":${number},`,
    `"created":${time},`,
    `"expires":${time},`,
    `"policy":"([A-Za-z0-9._-]{1,64})",`,
    `"folder":"(blocklist/\\d{1,15}-[0-9a-f]{16})",`,
    `"networks":${number},\n`,
  ].join("\n"),
);
/** File names have one dot, so none is a member's name or a path. */
const FILE = new RegExp(
  String.raw`^"([a-z0-9][a-z0-9-]{0,47}\.[a-z0-9]{1,8})":\{"size":${number},"sha256":"([0-9a-f]{64})"(?:,"cut":${number})?\},$`,
);

function readSigned(signed: string): Manifest {
  const head = HEAD.exec(signed);
  if (head === null) throw new BadManifest(`it does not begin with the lines of ${MANIFEST_FORMAT}`);
  const [whole, serial, created, expires, policy, folder, networks] = head as unknown as HeadMatch;
  if (!folder.startsWith(`blocklist/${serial}-`)) throw new BadManifest("its folder is of another serial");
  return {
    serial: Number(serial),
    created: epochSeconds(created),
    expires: epochSeconds(expires),
    policy,
    folder,
    networks: Number(networks),
    files: readFiles(signed.slice(whole.length)),
  };
}

type HeadMatch = [string, string, string, string, string, string, string];

function readFiles(text: string): Record<string, FileFacts> {
  const files: Record<string, FileFacts> = {};
  if (!text.endsWith("\n")) throw new BadManifest("it names no file");
  for (const line of text.slice(0, -1).split("\n")) {
    const match = FILE.exec(line);
    if (match === null) throw new BadManifest(`${JSON.stringify(line.slice(0, 80))} is not a file's line`);
    const [, name, size, sha256, cut] = match as unknown as [string, string, string, string, string?];
    if (Object.hasOwn(files, name)) throw new BadManifest(`${name} stands twice`);
    files[name] = { size: Number(size), sha256, ...(cut !== undefined && { cut: Number(cut) }) };
  }
  return files;
}

function epochSeconds(text: string): EpochSeconds {
  const at = readIsoTime(text);
  if (at === undefined) throw new BadManifest(`${text} is not a time`);
  return at;
}
