/** Further logs that daemons write themselves, each told by its first bytes. */
import { digits, secondOfDay } from "./digits.ts";
import { type EnvelopeForm, readAs, readTag, type TimeForm, timeAt, wordEnd } from "./envelope.ts";
import { isoTime, looksIso, monthOf, traditionalLength, traditionalTime } from "./syslog.ts";

const SPACE = 0x20;
const COMMA = 0x2c;
const DASH = 0x2d;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const LESS = 0x3c;

function has(bytes: Buffer, at: number, end: number, text: Buffer): boolean {
  return end - at >= text.length && bytes.compare(text, 0, text.length, at, at + text.length) === 0;
}

const SOGO = Buffer.from("sogod");
const SOGO_TAG = Buffer.from("sogod [");
const EXIM = Buffer.from("exim");
const EXIM_TAG = Buffer.from("[exim] ");
const ZIMBRA = Buffer.from("zimbra");
const DOMINO = Buffer.from("domino");
const EXCHANGE = Buffer.from("exchange");
const OPENWEBMAIL = Buffer.from("openwebmail");
const ORACLE = Buffer.from("oracleims");
const ORACLE_START = Buffer.from('<co ts="');
const ASSP = Buffer.from("assp");
const TINE20 = Buffer.from("tine20");
const GROUPOFFICE = Buffer.from("groupoffice");
const MAILU = Buffer.from("mailu");
const LOGIN = Buffer.from("LOGIN ");

/** `Mar 24 08:58:40 sogod [26818]: …`, `Oct 14 19:45:05 [exim] …`. */
export const taggedNative: EnvelopeForm = {
  name: "traditional time and the daemon's own tag",
  read(bytes, start, end, into) {
    if (!traditionalLength(bytes, start, end)) return false;
    timeAt(traditionalTime, bytes, start, start + 15, into);
    if (has(bytes, start + 16, end, EXIM_TAG))
      return readAs(EXIM, bytes, start + 16 + EXIM_TAG.length, end, into);
    if (!has(bytes, start + 16, end, SOGO_TAG)) return false;
    const message = wordEnd(bytes, start + 22, end, 16) + 1;
    return message > 0 && readAs(SOGO, bytes, message, end, into);
  },
};

/** `mail.example.com exim[3751842]: 2021-07-17 23:20:49 …`: Exim's own time within (syslog_timestamp), none before. */
export const eximUntimed: EnvelopeForm = {
  name: "Exim's syslog line without syslog's time",
  read(bytes, start, end, into) {
    const host = wordEnd(bytes, start, end, 255);
    if (host < 0 || !readTag(bytes, host + 1, end, into)) return false;
    if (!has(bytes, into.programFrom, into.programTo, EXIM) || !looksIso(bytes, into.from, end)) return false;
    return timeAt(isoTime, bytes, into.from, into.from + 19, into);
  },
};

/** `2021-03-03 19:26:38,616 INFO  [thread] [name=…;oip=…;] …` (log4j). */
export const zimbraNative: EnvelopeForm = {
  name: "Zimbra's own",
  read(bytes, start, end, into) {
    if (!looksIso(bytes, start, end) || bytes[start + 19] !== COMMA || bytes[start + 23] !== SPACE)
      return false;
    timeAt(isoTime, bytes, start, start + 23, into);
    return readAs(ZIMBRA, bytes, start + 24, end, into);
  },
};

/** `[2023-03-28 03:09:25,112] WARNING in limiter: …` (Mailu), `[2014-01-06 10:59:49]LOGIN …` (Group-Office). */
export const bracketedIso: EnvelopeForm = {
  name: "time in brackets",
  read(bytes, start, end, into) {
    if (bytes[start] !== OPEN || !looksIso(bytes, start + 1, end)) return false;
    timeAt(isoTime, bytes, start + 1, start + 20, into);
    if (bytes[start + 24] === CLOSE) return readAs(MAILU, bytes, start + 26, end, into);
    if (!has(bytes, start + 21, end, LOGIN)) return false;
    return readAs(GROUPOFFICE, bytes, start + 21, end, into);
  },
};

/** `2022-07-20T21:23:48.514Z,…`: a protocol log of Exchange. */
export const exchangeNative: EnvelopeForm = {
  name: "Exchange's protocol log",
  read(bytes, start, end, into) {
    if (!looksIso(bytes, start, end) || bytes[start + 24] !== COMMA) return false;
    timeAt(isoTime, bytes, start, start + 24, into);
    return readAs(EXCHANGE, bytes, start + 25, end, into);
  },
};

/** `[28325:00010-3735542592] 22-06-2014 09:56:12   smtp: …`, also with the year first: Domino's console log. */
export const dominoNative: EnvelopeForm = {
  name: "Domino's own",
  read(bytes, start, end, into) {
    const date = bytes[start] === OPEN ? wordEnd(bytes, start, end, 40) + 1 : start;
    if (end - date < 24 || bytes[date + 10] !== SPACE || bytes[date + 19] !== SPACE) return false;
    if (bytes[date + 20] !== SPACE || bytes[date + 21] !== SPACE) return false;
    const dayFirst = bytes[date + 2] === DASH && bytes[date + 5] === DASH;
    if (!dayFirst && !looksIso(bytes, date, end)) return false;
    timeAt(dayFirst ? dayMonthTime : isoTime, bytes, date, date + 19, into);
    return readAs(DOMINO, bytes, date + 22, end, into);
  },
};

/** `Sat Dec 28 19:03:53 2013 - [72926] (address) …`. */
export const openwebmailNative: EnvelopeForm = {
  name: "openWebMail's own",
  read(bytes, start, end, into) {
    if (
      traditionalLength(bytes, start + 4, end) !== 15 ||
      bytes[start + 24] !== SPACE ||
      bytes[start + 25] !== DASH
    )
      return false;
    timeAt(ctimeTime, bytes, start + 4, start + 24, into);
    return readAs(OPENWEBMAIL, bytes, start + 27, end, into);
  },
};

/** `<co ts="2014-06-02T10:08:07.56" …/>`. */
export const oracleNative: EnvelopeForm = {
  name: "Oracle Messaging Server's own",
  read(bytes, start, end, into) {
    if (bytes[start] !== LESS || !has(bytes, start, end, ORACLE_START) || !looksIso(bytes, start + 8, end))
      return false;
    timeAt(isoTime, bytes, start + 8, start + 27, into);
    return readAs(ORACLE, bytes, start + 27, end, into);
  },
};

/** `Jul-30-16 17:07:25 …`. */
export const asspNative: EnvelopeForm = {
  name: "ASSP's own",
  read(bytes, start, end, into) {
    const looks = bytes[start + 3] === DASH && bytes[start + 6] === DASH && bytes[start + 9] === SPACE;
    if (!looks || end - start < 24 || bytes[start + 18] !== SPACE) return false;
    timeAt(asspTime, bytes, start, start + 18, into);
    return readAs(ASSP, bytes, start + 19, end, into);
  },
};

/** `8e035 ffff3 -- none -- - 2014-01-21T04:38:14+00:00 WARN (4): …`. */
export const tineNative: EnvelopeForm = {
  name: "Tine 2.0's own",
  read(bytes, start, end, into) {
    const user = wordEnd(bytes, start, end, 12) + 1;
    const dashes = user === 0 ? -1 : wordEnd(bytes, user, end, 12) + 1;
    if (dashes <= 0 || bytes[dashes] !== DASH || bytes[dashes + 1] !== DASH) return false;
    const name = wordEnd(bytes, dashes + 3, end, 128);
    const time = name + " -- - ".length;
    if (name < 0 || !looksIso(bytes, time, end)) return false;
    const message = wordEnd(bytes, time, end, 40) + 1;
    timeAt(isoTime, bytes, time, message - 1, into);
    return message > 0 && readAs(TINE20, bytes, message, end, into);
  },
};

/** `22-06-2014 09:56:12`. */
const dayMonthTime: TimeForm = {
  at(bytes, from, _to, clock) {
    const date = [digits(bytes, from + 6, 4), digits(bytes, from + 3, 2), digits(bytes, from, 2)] as const;
    const wall = clock.wall(...date, secondOfDay(bytes, from + 11));
    return wall === undefined ? undefined : clock.utc(wall);
  },
};

/** `Dec 28 19:03:53 2013`. */
const ctimeTime: TimeForm = {
  at(bytes, from, _to, clock) {
    const day = bytes[from + 4] === SPACE ? digits(bytes, from + 5, 1) : digits(bytes, from + 4, 2);
    const month = monthOf(bytes, from) ?? 0;
    const wall = clock.wall(digits(bytes, from + 16, 4), month, day, secondOfDay(bytes, from + 7));
    return wall === undefined ? undefined : clock.utc(wall);
  },
};

/** `Jul-30-16 17:07:25`. */
const asspTime: TimeForm = {
  at(bytes, from, _to, clock) {
    const year = 2000 + digits(bytes, from + 7, 2);
    const wall = clock.wall(
      year,
      monthOf(bytes, from) ?? 0,
      digits(bytes, from + 4, 2),
      secondOfDay(bytes, from + 10),
    );
    return wall === undefined ? undefined : clock.utc(wall);
  },
};
