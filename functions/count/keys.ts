import type { ByteOffset } from "./counter.ts";
import { logNameOf } from "./log-name.ts";

/** What the key of an object in the logs bucket says. */
export interface LogKey {
  host: string;
  /** The log's base name; for a segment the metadata `log-name` says it. */
  logName: string;
  /** Set where the object is a segment; otherwise it is a whole log. */
  segment: { fingerprint: string; start: ByteOffset; end: ByteOffset } | undefined;
}

/** A host's name: also part of sort keys, so no `#`. */
const HOST = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;
const SEGMENT = /^([0-9a-f]{16})\/(\d{15})-(\d{15})\.log\.gz$/;

export function isHostName(name: string): boolean {
  return HOST.test(name);
}

/**
 * `<host>/<fingerprint>/<start>-<end>.log.gz`, offsets zero-padded to 15 digits, or `<host>/<any other name>`.
 * Undefined for a key that belongs to no host.
 */
export function parseLogKey(key: string): LogKey | undefined {
  const slash = key.indexOf("/");
  const host = key.slice(0, Math.max(slash, 0));
  const name = key.slice(slash + 1);
  if (!isHostName(host) || name === "") return undefined;
  const match = SEGMENT.exec(name);
  if (match === null) return { host, logName: logNameOf(name), segment: undefined };
  const [, fingerprint, start, end] = match as unknown as [string, string, string, string];
  if (Number(start) >= Number(end)) return undefined;
  return { host, logName: "log", segment: { fingerprint, start: Number(start), end: Number(end) } };
}

export function segmentKey(host: string, fingerprint: string, start: ByteOffset, end: ByteOffset): string {
  const padded = (offset: ByteOffset) => String(offset).padStart(15, "0");
  return `${host}/${fingerprint}/${padded(start)}-${padded(end)}.log.gz`;
}
