import { gzipSync } from "node:zlib";
import { segmentKey } from "../../../functions/count/keys.ts";
import { fingerprintOf } from "../../../functions/read/fingerprint.ts";
import type { Random } from "./random.ts";

/** One host's log, and what is true of it: attempts by `<address> <hour>`. */
export interface KnownLog {
  lines: string[];
  truth: Map<string, number>;
}

/** An object of the logs bucket to be. */
export interface LogObject {
  key: string;
  body: Uint8Array;
  metadata: Record<string, string>;
}

const FIRST_HOUR = Date.parse("2026-11-22T20:00:00Z") / 1000;

/** Some login lines over eight hours and two days, from addresses that no other log has. */
export function createLog(number: number, host: string, random: Random): KnownLog {
  const truth = new Map<string, number>();
  let at = FIRST_HOUR + random.below(3600);
  const lines = Array.from({ length: 8 + random.below(40) }, (_, index) => {
    at += random.below(1200);
    const ip = `20.${number >> 8}.${number & 255}.${1 + random.below(5)}`;
    const attempts = 1 + random.below(3);
    const succeeds = random.chance(0.15);
    const hour = `${ip} ${at - (at % 3600)}`;
    if (!succeeds) truth.set(hour, (truth.get(hour) ?? 0) + attempts);
    return line(at, host, ip, `u${random.below(40)}`, succeeds ? 0 : attempts, index);
  });
  return { lines, truth };
}

function line(at: number, host: string, ip: string, user: string, attempts: number, index: number): string {
  const time = new Date(at * 1000).toISOString().replace("Z", "+00:00");
  const about = `user=<${user}>, method=PLAIN, rip=${ip}, lip=192.0.2.25, session=<${index}>`;
  return attempts === 0
    ? `${time} ${host} dovecot: imap-login: Login: ${about.replace(", session", ", mpid=7, session")}\n`
    : `${time} ${host} dovecot: imap-login: Disconnected (auth failed, ${attempts} attempts in 2 secs): ${about}\n`;
}

/** Ways in which a log reaches the bucket. Each holds every line in the end, most lines several times. */
export const WAYS = ["segments", "grown", "rotated", "mixed", "damaged", "overlapping"] as const;
export type Way = (typeof WAYS)[number];

export function objectsOf(way: Way, host: string, { lines }: KnownLog, random: Random): LogObject[] {
  const whole = (name: string, to = lines.length): LogObject => {
    const text = Buffer.from(lines.slice(0, to).join(""));
    const packed = random.chance(0.5);
    return {
      key: `${host}/${name}${packed ? ".gz" : ""}`,
      body: packed ? gzipSync(text) : text,
      metadata: {},
    };
  };
  const segments = () => cuts(lines.length, random).map(([from, to]) => segmentOf(host, lines, from, to));
  const part = () => 1 + random.below(lines.length);
  switch (way) {
    case "segments":
      return segments();
    case "grown":
      return [whole("maillog-a", part()), whole("maillog-b", part()), whole("maillog-c")];
    case "rotated":
      return [whole("maillog", part()), whole("maillog.1"), whole("maillog.2.gz")];
    case "mixed":
      return [...segments(), whole("maillog", part()), whole("maillog.1")];
    case "damaged":
      return [damaged(host, lines, random), whole("maillog-part", part()), whole("maillog-good")];
    case "overlapping": {
      const [a, b] = [part(), part()].sort((x, y) => x - y) as [number, number];
      const from = Math.max(0, a - 1 - random.below(3));
      return [segmentOf(host, lines, 0, b), segmentOf(host, lines, from, lines.length), whole("maillog", a)];
    }
  }
}

function segmentOf(host: string, lines: string[], from: number, to: number): LogObject {
  const start = Buffer.byteLength(lines.slice(0, from).join(""));
  const text = Buffer.from(lines.slice(from, to).join(""));
  const fingerprint = fingerprintOf(Buffer.from(lines[0]!.trimEnd()));
  const key = segmentKey(host, fingerprint, start, start + text.length);
  return { key, body: gzipSync(text), metadata: { "log-name": "maillog" } };
}

/** An archive that was cut off: its beginning can be read. */
function damaged(host: string, lines: string[], random: Random): LogObject {
  const packed = gzipSync(lines.join(""));
  const body = packed.subarray(0, packed.length - 1 - random.below(packed.length >> 1));
  return { key: `${host}/maillog-cut.gz`, body, metadata: {} };
}

function cuts(length: number, random: Random): [from: number, to: number][] {
  const ends = new Set([length]);
  for (let count = random.below(4); count > 0; count--) ends.add(1 + random.below(length));
  const sorted = [...ends].sort((a, b) => a - b);
  return sorted.map((end, index) => [sorted[index - 1] ?? 0, end]);
}
