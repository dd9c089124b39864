/**
 * Mailu 1.9 to 2024.06, admin container (core/admin/mailu/limiter.py, sso/views/base.py). Since 2.0 it names only who is kept off
 * for the attempts that it has counted; who failed stands in the front container's log, which is nginx's.
 */
import { type Daemon, failure, means, probe } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";
import { isoTime, looksIso } from "./syslog.ts";

/** Behind syslog's envelope the log's own time stands once more. */
const START = "{[<d:date> <t:clock>] }<level:word> in <module:word>: ";

export const mailu: Daemon = {
  name: "mailu",
  programs: ["mailu", "mailu-admin"],
  service: () => "auth",
  shapes: [
    ...means(probe, [`${START}Authentication attempt from <ip> has been rate-limited.`]),
    ...means({ ...failure, service: "webmail" }, [`${START}Login failed for <user:text> from <ip>.`]),
  ],
};

const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const MAILU = Buffer.from("mailu");

/** `[2023-03-28 03:09:25,112] WARNING in limiter: …` (Flask). */
export const mailuNative: EnvelopeForm = {
  name: "Mailu's own",
  read(bytes, start, end, into) {
    if (bytes[start] !== OPEN || !looksIso(bytes, start + 1, end) || end - start < 32) return false;
    if (bytes[start + 20] !== COMMA || bytes[start + 24] !== CLOSE) return false;
    timeAt(isoTime, bytes, start + 1, start + 20, into);
    return readAs(MAILU, bytes, start + 26, end, into);
  },
};
