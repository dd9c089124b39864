/** Logs that daemons write themselves: a time in the daemon's own way, then the message. The form tells who wrote it. */
import { digits, secondOfDay } from "./digits.ts";
import { type EnvelopeForm, readAs, readTag, type TimeForm, timeAt, wordEnd } from "./envelope.ts";
import { isoTime, looksIso, monthOf, offsetAt, traditionalLength, traditionalTime } from "./syslog.ts";

const SPACE = 0x20;
const COLON = 0x3a;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const SLASH = 0x2f;
const DASH = 0x2d;

const DOVECOT = Buffer.from("dovecot");
const EXIM = Buffer.from("exim");
const NGINX = Buffer.from("nginx");
const ROUNDCUBE = Buffer.from("roundcube");
const KERIO = Buffer.from("kerio");
const SQUIRRELMAIL = Buffer.from("squirrelmail");
const HORDE = Buffer.from("HORDE");

/** `Nov 24 02:39:01 imap-login: Info: …` (Dovecot: log_path, log_timestamp), `2019-10-15 08:08:52 imap-login: Info: …`. */
export const dovecotNative: EnvelopeForm = {
  name: "Dovecot's own, or syslog without a host",
  read(bytes, start, end, into) {
    const length = traditionalLength(bytes, start, end);
    const traditional = length > 0;
    const message = start + (traditional ? length : 19) + 1;
    if (!traditional && !(looksIso(bytes, start, end) && bytes[start + 19] === SPACE)) return false;
    const word = wordEnd(bytes, message, end, 64);
    if (word < 0 || bytes[word - 1] !== COLON) return false;
    timeAt(traditional ? traditionalTime : isoTime, bytes, start, message - 1, into);
    // With a process id it is syslog without a host: Dovecot writes none
    if (bytes[word - 2] === CLOSE) return readTag(bytes, message, end, into);
    return readAs(DOVECOT, bytes, message, end, into);
  },
};

/**
 * `2026-11-24 02:57:14 …`, with a zone (log_timezone), milliseconds (log_selector +millisec) and a process id
 * (+pid) in this order: Exim's main and reject log (Exim specification, 53.5).
 */
export const eximNative: EnvelopeForm = {
  name: "Exim's own",
  lenient: true,
  read(bytes, start, end, into) {
    if (!looksIso(bytes, start, end) || bytes[start + 10] !== SPACE) return false;
    let at = wordEnd(bytes, start + 19, end, 8) + 1;
    if (at === 0) return false;
    const sign = bytes[at];
    if ((sign === 0x2b || sign === DASH) && bytes[at + 5] === SPACE && digits(bytes, at + 1, 4) >= 0) at += 6;
    timeAt(isoTime, bytes, start, at - 1, into);
    if (bytes[at] === OPEN && digits(bytes, at + 1, 1) >= 0) {
      const pid = wordEnd(bytes, at, end, 16);
      if (pid > 0 && bytes[pid - 1] === CLOSE) at = pid + 1;
    }
    return readAs(EXIM, bytes, at, end, into);
  },
};

/** `2022/04/02 13:39:51 [info] 8#8: *6631 …`: nginx's error log (ngx_log.c). */
export const nginxNative: EnvelopeForm = {
  name: "nginx's own",
  read(bytes, start, end, into) {
    if (end - start < 22 || bytes[start + 4] !== SLASH || bytes[start + 7] !== SLASH) return false;
    if (bytes[start + 10] !== SPACE || bytes[start + 19] !== SPACE || bytes[start + 20] !== OPEN)
      return false;
    timeAt(slashTime, bytes, start, start + 19, into);
    return readAs(NGINX, bytes, start + 20, end, into);
  },
};

/** `[22-Jan-2013 22:28:21 +0200]: …`: PHP's and Roundcube's date format (rcube::write_log). */
export const roundcubeNative: EnvelopeForm = {
  name: "Roundcube's own",
  read(bytes, start, end, into) {
    const looks = bytes[start] === OPEN && bytes[start + 3] === DASH && bytes[start + 7] === DASH;
    if (!looks || end - start < 30) return false;
    let close = start + 21;
    while (close < start + 40 && bytes[close] !== CLOSE) close++;
    if (bytes[close + 1] !== COLON || bytes[close + 2] !== SPACE) return false;
    timeAt(dayFirstTime, bytes, start + 1, close, into);
    return readAs(ROUNDCUBE, bytes, close + 3, end, into);
  },
};

/** `[17/May/2017 19:45:27] …`: Kerio Connect's security log, local time. */
export const kerioNative: EnvelopeForm = {
  name: "Kerio's own",
  read(bytes, start, end, into) {
    const looks = bytes[start] === OPEN && bytes[start + 3] === SLASH && bytes[start + 7] === SLASH;
    if (!looks || end - start < 24 || bytes[start + 21] !== CLOSE) return false;
    timeAt(dayFirstTime, bytes, start + 1, start + 21, into);
    return readAs(KERIO, bytes, start + 23, end, into);
  },
};

/** `10/06/2013 15:50:41 [LOGIN_ERROR] …`: SquirrelMail's logger plug-in, month first, local time. */
export const squirrelmailNative: EnvelopeForm = {
  name: "SquirrelMail's own",
  read(bytes, start, end, into) {
    const looks = bytes[start + 2] === SLASH && bytes[start + 5] === SLASH && bytes[start + 13] === COLON;
    if (!looks || end - start < 22 || bytes[start + 20] !== OPEN) return false;
    timeAt(monthFirstTime, bytes, start, start + 19, into);
    return readAs(SQUIRRELMAIL, bytes, start + 20, end, into);
  },
};

/** `Dec 15 08:59:59 HORDE [error] [imp] …`: Horde's log file; in syslog HORDE is the program. */
export const hordeNative: EnvelopeForm = {
  name: "Horde's own",
  read(bytes, start, end, into) {
    const length = traditionalLength(bytes, start, end);
    const tag = start + length + 1;
    if (length === 0 || end - tag < 8 || bytes[tag + 6] !== OPEN) return false;
    if (bytes.compare(HORDE, 0, 5, tag, tag + 5) !== 0) return false;
    timeAt(traditionalTime, bytes, start, tag - 1, into);
    return readAs(HORDE, bytes, tag + 6, end, into);
  },
};

/** `2022/04/02 13:39:51`. */
const slashTime: TimeForm = { at: (bytes, from, to, clock) => isoTime.at(bytes, from, to, clock) };

/** `22-Jan-2013 22:28:21 +0200`, `17/May/2017 19:45:27`. */
const dayFirstTime: TimeForm = {
  at(bytes, from, to, clock) {
    const month = monthOf(bytes, from + 3);
    const second = secondOfDay(bytes, from + 12);
    const year = digits(bytes, from + 7, 4);
    const wall = month === undefined ? undefined : clock.wall(year, month, digits(bytes, from, 2), second);
    if (wall === undefined) return undefined;
    const offset = bytes[from + 20] === SPACE ? offsetAt(bytes, from + 21, to) : undefined;
    return offset === undefined ? clock.utc(wall) : wall - offset;
  },
};

/** `10/06/2013 15:50:41`. */
const monthFirstTime: TimeForm = {
  at(bytes, from, _to, clock) {
    const second = secondOfDay(bytes, from + 11);
    const wall = clock.wall(
      digits(bytes, from + 6, 4),
      digits(bytes, from, 2),
      digits(bytes, from + 3, 2),
      second,
    );
    return wall === undefined ? undefined : clock.utc(wall);
  },
};
