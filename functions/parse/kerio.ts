/** Kerio Connect 7 to 10, security log. Names have no line of their own; they stand before the address. */
import { type Daemon, failure, means, unread } from "./daemon.ts";
import { dayMonthNameTime } from "./dates.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";

const FROM = "Attempt from IP address <ip>{.}";

export const kerio: Daemon = {
  name: "kerio",
  programs: ["kerio"],
  service: () => "auth",
  shapes: [
    ...means(failure, [
      "Failed <service:word> login from <ip>{ with SASL method <m:word>}{.}",
      `<service:word>: Invalid password for user <user:text>. ${FROM}`,
      `Invalid password for user <user:text>. ${FROM}`,
      `<service:word>: User <user:text> doesn't exist. ${FROM}`,
      `User <user:text> doesn't exist. ${FROM}`,
      "Administration login into <what:note> from <ip> failed: <reason:note>",
    ]),
    unread("Failed <any:note> login from <rest:note>"),
    unread("{<service:word>: }Invalid password for user <any:note>"),
  ],
};

const SLASH = 0x2f;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const KERIO = Buffer.from("kerio");

/** `[17/May/2017 19:45:27] …`, local time. */
export const kerioNative: EnvelopeForm = {
  name: "Kerio's own",
  read(bytes, start, end, into) {
    const looks = bytes[start] === OPEN && bytes[start + 3] === SLASH && bytes[start + 7] === SLASH;
    if (!looks || end - start < 24 || bytes[start + 21] !== CLOSE) return false;
    timeAt(dayMonthNameTime, bytes, start + 1, start + 21, into);
    return readAs(KERIO, bytes, start + 23, end, into);
  },
};
