/**
 * SOGo 2 to 5 (UI/MainUI/SOGoRootPage.m). SOGo stands behind a web server always; the address is its
 * `x-webobjects-remote-host`, or X-Forwarded-For where there are several: then what the nearest proxy has added counts.
 */
import { type Daemon, failure, means, success, unread } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt, wordEnd } from "./envelope.ts";
import { startsWith } from "./places.ts";
import { HOST, isoTime, looksIso, traditionalLength, traditionalTime } from "./syslog.ts";

const START = "{SOGoRootPage |<0x<o:note>[SOGoRootPage]> }";
/** A header that a client sent may hold these words, and so may a name: then nobody can tell. */
const ONCE = { once: "' for user '" };

export const sogo: Daemon = {
  name: "sogo",
  programs: ["sogod", "sogo"],
  service: () => "webmail",
  shapes: [
    ...means(
      success,
      [`${START}successful login from '<ip:list>' for user '<user:text>' - expire = <rest:note>`],
      ONCE,
    ),
    ...means(
      failure,
      [`${START}Login from '<ip:list>' for user '<user:text>' might not have worked<rest:note>`],
      ONCE,
    ),
    unread(`${START}Login from <any:note>`),
  ],
};

const COLON = 0x3a;
const SOGO = Buffer.from("sogod");
const TAG = Buffer.from("sogod [");

/**
 * `Mar 24 08:58:40 sogod [26818]: …`: SOGo's own log, local time; also with a date as ISO 8601 has it, and with a host before it where
 * a syslogd has read it, as mailcow's does.
 */
export const sogoNative: EnvelopeForm = {
  name: "SOGo's own",
  read(bytes, start, end, into) {
    const length = traditionalLength(bytes, start, end);
    const time = length > 0 ? start + length : isoEnd(bytes, start, end);
    const tag = time < 0 ? -1 : tagAt(bytes, time + 1, end);
    if (tag < 0 || end - tag < 24) return false;
    const message = wordEnd(bytes, tag + TAG.length, end, 16) + 1;
    timeAt(length > 0 ? traditionalTime : isoTime, bytes, start, time, into);
    return message > 0 && readAs(SOGO, bytes, message, end, into);
  },
};

/** Where the tag stands, behind a host or at once; -1 where it does not. A word that ends with a colon is no host. */
function tagAt(bytes: Buffer, at: number, end: number): number {
  if (startsWith(bytes, at, end, TAG)) return at;
  const host = wordEnd(bytes, at, end, HOST);
  return host > at && bytes[host - 1] !== COLON && startsWith(bytes, host + 1, end, TAG) ? host + 1 : -1;
}

/** Where a time with fraction and zone ends; -1 where there is none. */
function isoEnd(bytes: Buffer, start: number, end: number): number {
  return looksIso(bytes, start, end) ? wordEnd(bytes, start + 19, end, ZONED) : -1;
}

/** Longest fraction and zone. */
const ZONED = 20;
