/** Lines that collectors wrap: what a daemon wrote stands within, with an envelope of its own or without. */
import {
  afterPriority,
  type Envelope,
  type EnvelopeForm,
  readAs,
  readFrom,
  readTag,
  type TimeForm,
  timeAt,
  wordEnd,
} from "./envelope.ts";
import { isDovecotProcess } from "./native.ts";
import { isoTime, looksIso } from "./syslog.ts";

const SPACE = 0x20;
const DASH = 0x2d;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const AT = 0x40;
const ZULU = 0x5a;
const BAR = 0x7c;

/** Reads a line that stands within another. */
export type InnerReader = (bytes: Buffer, start: number, end: number, into: Envelope) => boolean;

/** `<13>1 2026-11-24T02:39:01.123Z host program 123 ID - message` (RFC 5424, 6), the priority perhaps gone. */
export const rfc5424: EnvelopeForm = {
  name: "RFC 5424",
  read(bytes, start, end, into) {
    const version = afterPriority(bytes, start, end);
    if (bytes[version] !== 0x31 || bytes[version + 1] !== SPACE) return false;
    const time = version + 2;
    if (!looksIso(bytes, time, end)) return false;
    const host = wordEnd(bytes, time, end, 40) + 1;
    const program = wordEnd(bytes, host, end, 256) + 1;
    const process = wordEnd(bytes, program, end, 50) + 1;
    const id = wordEnd(bytes, process, end, 130) + 1;
    const data = wordEnd(bytes, id, end, 34) + 1;
    if (host === 0 || program === 0 || process === 0 || id === 0 || data === 0) return false;
    const message = afterStructuredData(bytes, data, end);
    if (message < 0) return false;
    timeAt(isoTime, bytes, time, host - 1, into);
    readFrom(bytes.subarray(program, process - 1), bytes, message, end, into);
    // in the line itself, as in any syslog: Exim writes there twice
    into.programBytes = bytes;
    into.programFrom = program;
    into.programTo = process - 1;
    return true;
  },
};

/** Behind `-` or `[id name="value" …][…]`, a byte order mark, and the space that rsyslog keeps of RFC 3164's line. */
function afterStructuredData(bytes: Buffer, start: number, end: number): number {
  let at = start;
  if (bytes[at] === DASH) at++;
  else {
    while (bytes[at] === OPEN) {
      let quoted = false;
      for (at++; at < end && (quoted || bytes[at] !== CLOSE); at++) {
        if (bytes[at] === BACKSLASH) at++;
        else if (bytes[at] === QUOTE) quoted = !quoted;
      }
      at++;
    }
  }
  if (at >= end || bytes[at] !== SPACE) return -1;
  const hasMark = bytes[at + 1] === 0xef && bytes[at + 2] === 0xbb && bytes[at + 3] === 0xbf;
  const message = hasMark ? at + 4 : at + 1;
  return bytes[message] === SPACE ? message + 1 : message;
}
/**
 * `@400000004c91b044077a9e94 program: message`: multilog's TAI64N label, seconds of TAI as daemontools has it, which is
 * 10 ahead of UTC whatever the leap seconds (libtai's tai_now).
 */
export function tai64n(inner: InnerReader): EnvelopeForm {
  return {
    name: "TAI64N",
    read(bytes, start, end, into) {
      if (bytes[start] !== AT || end - start < 27 || bytes[start + 25] !== SPACE) return false;
      if (!inner(bytes, start + 26, end, into)) return false;
      return timeAt(taiTime, bytes, start + 1, start + 25, into);
    },
  };
}

const taiTime: TimeForm = {
  at(bytes, from) {
    const high = Number.parseInt(bytes.toString("latin1", from, from + 8), 16);
    const low = Number.parseInt(bytes.toString("latin1", from + 8, from + 16), 16);
    const seconds = (high - 0x40000000) * 2 ** 32 + low - 10;
    return Number.isNaN(seconds) ? undefined : seconds;
  },
};

/**
 * `2016-10-06T00:17:09.669794202Z stdout F message` (Kubernetes: CRI's log format) and `2016-10-06T00:17:09.669Z message`
 * (a CloudWatch export). The collector's time is sure, the one within may lack year and zone.
 */
export function stamped(inner: InnerReader): EnvelopeForm {
  return {
    name: "time stamp of a collector",
    lenient: true,
    read(bytes, start, end, into) {
      if (!looksIso(bytes, start, end)) return false;
      const time = wordEnd(bytes, start + 19, end, 24);
      const fromStream = time > 0 && isStream(bytes, time + 1);
      if (time < 0 || (bytes[time - 1] !== ZULU && !fromStream)) return false;
      const message = fromStream ? time + 10 : time + 1;
      if (!inner(bytes, message, end, into)) return false;
      return timeAt(isoTime, bytes, start, time, into);
    },
  };
}

/** `stdout F ` or `stderr F `: a whole line; `P` is a piece of one. */
function isStream(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x73 && bytes[at + 6] === SPACE && bytes[at + 7] === 0x46 && bytes[at + 8] === SPACE;
}

/** Compose's names for containers: the service's and a number. */
const CONTAINER = /^[a-z0-9][a-z0-9_.-]*[-_]\d+$/i;

/** `mail-1  | message`: what `docker compose logs` puts before a container's line. */
export function composed(inner: InnerReader): EnvelopeForm {
  return {
    name: "docker compose",
    lenient: true,
    read(bytes, start, end, into) {
      let at = wordEnd(bytes, start, end, 80);
      if (at < 0 || !CONTAINER.test(bytes.toString("latin1", start, at))) return false;
      while (at > 0 && at < end && bytes[at] === SPACE) at++;
      if (bytes[at] !== BAR || bytes[at + 1] !== SPACE) return false;
      into.timeFrom = into.timeTo = 0;
      return inner(bytes, at + 2, end, into) && into.timeTo > 0;
    },
  };
}

/**
 * A message without any time: `program[pid]: message`, or Dovecot's process first where its container logs to stderr.
 */
export function readBare(bytes: Buffer, start: number, end: number, into: Envelope): boolean {
  const word = wordEnd(bytes, start, end, 700);
  if (word > 0 && isDovecotProcess(bytes, start, word)) return readAs(DOVECOT, bytes, start, end, into);
  return readTag(bytes, start, end, into);
}

const DOVECOT = Buffer.from("dovecot");
