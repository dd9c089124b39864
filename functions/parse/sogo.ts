/**
 * SOGo 2 to 5 (UI/MainUI/SOGoRootPage.m). SOGo stands behind a web server always; the address is its
 * `x-webobjects-remote-host`, or X-Forwarded-For where there are several: then what the nearest proxy has added counts.
 */
import { type Daemon, failure, means, success, unread } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt, wordEnd } from "./envelope.ts";
import { startsWith } from "./places.ts";
import { traditionalLength, traditionalTime } from "./syslog.ts";

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

const SOGO = Buffer.from("sogod");
const TAG = Buffer.from("sogod [");

/** `Mar 24 08:58:40 sogod [26818]: …`: SOGo's own log, local time. */
export const sogoNative: EnvelopeForm = {
  name: "SOGo's own",
  read(bytes, start, end, into) {
    const length = traditionalLength(bytes, start, end);
    const tag = start + length + 1;
    if (length === 0 || end - tag < 24 || !startsWith(bytes, tag, end, TAG)) return false;
    const message = wordEnd(bytes, tag + TAG.length, end, 16) + 1;
    timeAt(traditionalTime, bytes, start, tag - 1, into);
    return message > 0 && readAs(SOGO, bytes, message, end, into);
  },
};
