import type { Address, EpochSeconds } from "../parse/event.ts";
import { createLineParser } from "../parse/line.ts";
import { parseZone } from "../parse/time.ts";
import type { Limits } from "../read/limits.ts";
import { peek } from "../read/peek.ts";
import type { StoredObject } from "../store/objects.ts";
import type { LogKey } from "./keys.ts";
import { logNameOf } from "./log-name.ts";
import type { Work } from "./plan.ts";
import type { Range } from "./ranges.ts";
import { type LogReading, readParts } from "./read-parts.ts";

/** An object of the logs bucket of which the beginning has been read. */
export interface OpenLog {
  /** Which stream of its host it belongs to; undefined where no line is complete. */
  fingerprint: string | undefined;
  /** Which bytes of the stream it should hold; a whole log ends at `Infinity` until it has been read. */
  range: Range;
  /** Why it is not what its key says. */
  wrong: string | undefined;
  /** As its metadata or its key name it, without rotation suffix. */
  logName: string;
  /** Reads it, once, as a log of that name. @throws NotALog, and what S3 fails with */
  read(work: Work, logName: string): Promise<LogReading>;
}

/** What all logs of a deployment are read with. */
export interface ReadContext {
  /** Whether an address is one of ours that stands before a daemon. */
  isTrustedProxy: ((ip: Address) => boolean) | undefined;
  /** Where they differ from the usual ones. */
  limits?: Partial<Limits> | undefined;
}

/** @throws NotALog, UnknownZone, and what S3 fails with */
export async function openLog(
  key: string,
  parsed: LogKey,
  object: StoredObject,
  { isTrustedProxy, limits = {} }: ReadContext,
): Promise<OpenLog> {
  const parserContext = { ...contextOf(object), isTrustedProxy };
  const { fingerprint, source } = await peek(object.body, key);
  const { segment } = parsed;
  const start = segment?.start ?? 0;
  const falselyNamed = segment !== undefined && start === 0 && segment.fingerprint !== fingerprint;
  return {
    fingerprint: segment?.fingerprint ?? fingerprint,
    range: { start, end: segment?.end ?? Number.POSITIVE_INFINITY },
    wrong: falselyNamed
      ? `its first line has fingerprint ${fingerprint}, its key says ${segment.fingerprint}`
      : undefined,
    logName: logNameOf(object.metadata["log-name"] ?? parsed.logName),
    read: async (work, logName) => {
      const tail = object.metadata["log-end"] === "1";
      const log = { source, name: key, logName, start, ...work, tail, limits };
      return await readParts(log, createLineParser(parserContext));
    },
  };
}

/** Metadata `log-mtime` is the log's own time; without it the object's. */
function contextOf({ metadata, modified }: StoredObject): Parameters<typeof createLineParser>[0] {
  const mtime: EpochSeconds = /^\d{1,11}$/.test(metadata["log-mtime"] ?? "")
    ? Number(metadata["log-mtime"])
    : modified;
  return { logTime: mtime, zone: parseZone(metadata["time-zone"] ?? metadata["utc-offset"] ?? "UTC") };
}
