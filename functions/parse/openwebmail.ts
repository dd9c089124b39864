/**
 * Open WebMail 2.x (cgi-bin/openwebmail/shares/ow-shared.pl: writelog, openwebmail.pl). A refusal of a name that does not exist is
 * written twice. Open WebMail takes a client's word for its address where its web server passes Client-Ip or X-Forwarded-For on:
 * the web server must drop them.
 */
import { type Daemon, failure, means, nothing, success, summaryFailure, unread } from "./daemon.ts";
import { ctimeTime } from "./dates.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";
import { traditionalLength } from "./syslog.ts";

const CLIENT = "[<pid:int>] (<ip>) <user:text>";

export const openwebmail: Daemon = {
  name: "openwebmail",
  programs: ["openwebmail"],
  service: () => "webmail",
  shapes: [
    ...means(success, [`[<pid:int>] (<ip>) <user:spaceless> - login - <s:spaceless> - active=<rest:note>`]),
    // -4: the password is wrong (ow-auth); -1 to -3: it could not be judged
    ...means(failure, [
      `${CLIENT} - login error - no such user - <rest:note>`,
      `${CLIENT} - login error - <m:word>, ret -4<rest:note>`,
    ]),
    ...means(summaryFailure, [`${CLIENT} - userinfo error - <m:word>, ret -4<rest:note>`]),
    nothing(`${CLIENT} - login error - <m:word>, ret -<rest:note>`),
    unread(`${CLIENT} - login error - <rest:note>`),
  ],
};

const SPACE = 0x20;
const DASH = 0x2d;
const OPENWEBMAIL = Buffer.from("openwebmail");

/** `Sat Dec 28 19:03:53 2013 - [72926] (address) …`, local time. */
export const openwebmailNative: EnvelopeForm = {
  name: "Open WebMail's own",
  read(bytes, start, end, into) {
    if (traditionalLength(bytes, start + 4, end) !== 15 || end - start < 30) return false;
    if (bytes[start + 24] !== SPACE || bytes[start + 25] !== DASH) return false;
    timeAt(ctimeTime, bytes, start + 4, start + 24, into);
    return readAs(OPENWEBMAIL, bytes, start + 27, end, into);
  },
};
