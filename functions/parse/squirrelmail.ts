/**
 * SquirrelMail's squirrel_logger plug-in 2.x: `[LOGIN_ERROR] name (domain) from address: reason`, the reason in the user's
 * language.
 */
import { type Daemon, failure, means, nothing, success } from "./daemon.ts";
import { monthDayTime } from "./dates.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";

const WHO = "<user:text> (<domain:loose>) from <ip>";
/** Where there is no domain, a name may hold one, and an address behind it. */
const ONCE = { once: " from " };

export const squirrelmail: Daemon = {
  name: "squirrelmail",
  programs: ["squirrelmail"],
  service: () => "webmail",
  shapes: [
    nothing(
      "[LOGIN_ERROR] <user:text> from <ip>: {Connection|Error connecting|ERROR: Could not} <rest:note>",
    ),
    ...means(failure, [`[LOGIN_ERROR] ${WHO}: <reason:note>`], ONCE),
    ...means(failure, ["[LOGIN_ERROR] <user:loose> from <ip>: <reason:note>"]),
    ...means(success, [`[LOGIN] ${WHO}{: <reason:note>}`], ONCE),
    ...means(success, ["[LOGIN] <user:loose> from <ip>{: <reason:note>}"]),
  ],
};

const SLASH = 0x2f;
const COLON = 0x3a;
const OPEN = 0x5b;
const SQUIRRELMAIL = Buffer.from("squirrelmail");

/** `10/06/2013 15:50:41 [LOGIN_ERROR] …`: month first, local time. */
export const squirrelmailNative: EnvelopeForm = {
  name: "SquirrelMail's own",
  read(bytes, start, end, into) {
    const looks = bytes[start + 2] === SLASH && bytes[start + 5] === SLASH && bytes[start + 13] === COLON;
    if (!looks || end - start < 22 || bytes[start + 20] !== OPEN) return false;
    timeAt(monthDayTime, bytes, start, start + 19, into);
    return readAs(SQUIRRELMAIL, bytes, start + 20, end, into);
  },
};
