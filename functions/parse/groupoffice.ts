/** Group-Office 4 to 6 (GO_Base_Session): the name, in quotes that it may contain, then the address. */
import { type Daemon, failure, means, success } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";
import { startsWith } from "./places.ts";
import { isoTime, looksIso } from "./syslog.ts";

export const groupoffice: Daemon = {
  name: "groupoffice",
  programs: ["groupoffice"],
  service: () => "webmail",
  shapes: [
    ...means(failure, ['LOGIN FAILED for user: "<user:text>" from IP: <ip>']),
    ...means(success, ['LOGIN SUCCESS for user: "<user:text>" from IP: <ip>']),
  ],
};

const OPEN = 0x5b;
const CLOSE = 0x5d;
const GROUPOFFICE = Buffer.from("groupoffice");
const LOGIN = Buffer.from("LOGIN ");

/** `[2014-01-06 10:59:49]LOGIN …`, local time. */
export const groupofficeNative: EnvelopeForm = {
  name: "Group-Office's own",
  read(bytes, start, end, into) {
    if (bytes[start] !== OPEN || bytes[start + 20] !== CLOSE || !looksIso(bytes, start + 1, end))
      return false;
    const message = start + 21;
    if (!startsWith(bytes, message, end, LOGIN)) return false;
    timeAt(isoTime, bytes, start + 1, start + 20, into);
    return readAs(GROUPOFFICE, bytes, message, end, into);
  },
};
