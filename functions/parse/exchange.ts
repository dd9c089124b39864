/**
 * Exchange 2010 to 2019, protocol logs: POP3 and IMAP4 (the client in the fifth column, what was typed behind it), SMTP receive
 * connectors (the client in the sixth, `>` marks what the server said, `*` what it thought).
 */
import { type Daemon, failure, means, success, summaryFailure, unread } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";
import { isoTime, looksIso } from "./syslog.ts";

const ENDS = "{[<lip:ip>]|<lip:ip4>}:<service:int>,{[<ip>]|<ip:ip4>}:<port:int>,";
const COMMAND = "<d:int>,<r:int>,<q:int>,{auth|pass|login|authenticate|AUTH|PASS|LOGIN|AUTHENTICATE},";
/** Name, milliseconds, sizes, command, what it was given, and what came of it. */
const MAILBOX = `<session:word>,<n:int>,${ENDS}<user:field>,${COMMAND}`;
/** A name with a comma or a quote. */
const QUOTED = `<session:word>,<n:int>,${ENDS}"<user:note>",${COMMAND}`;
const RECEIVE = `<connector:note>,<session:word>,<n:int>,${ENDS}`;

export const exchange: Daemon = {
  name: "exchange",
  programs: ["exchange"],
  service: () => "auth",
  shapes: [
    // Before what a client typed may say that it worked
    ...means(failure, [
      `${MAILBOX}<m:note>"R=""-ERR Authentication failure<rest:note>`,
      `${MAILBOX}<m:note>AuthFailed:LogonDenied<rest:note>`,
      `${QUOTED}<m:note>AuthFailed:LogonDenied<rest:note>`,
    ]),
    ...means(success, [`${MAILBOX}<m:field>,{R=ok|"R=ok}<rest:note>`]),
    ...means(failure, [`${RECEIVE}>,535 <code:word> Authentication unsuccessful<rest:note>`]),
    ...means(summaryFailure, [
      `${RECEIVE}*,<n:note>,{"}Inbound {AUTH <m:word>|authentication} failed because of LogonDenied<rest:note>`,
      `${RECEIVE}*,<n:note>,{"}Inbound {AUTH <m:word>|authentication} failed with LogonDenied<rest:note>`,
    ]),
    unread(`<session:word>,<n:int>,${ENDS}<any:note>AuthFailed:LogonDenied<rest:note>`),
  ],
};

const COMMA = 0x2c;
const EXCHANGE = Buffer.from("exchange");

/** `2022-07-20T21:23:48.514Z,…`. */
export const exchangeNative: EnvelopeForm = {
  name: "Exchange's protocol log",
  read(bytes, start, end, into) {
    if (!looksIso(bytes, start, end) || bytes[start + 24] !== COMMA) return false;
    timeAt(isoTime, bytes, start, start + 24, into);
    return readAs(EXCHANGE, bytes, start + 25, end, into);
  },
};
