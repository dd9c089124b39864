/**
 * Zimbra 7 to 10: mailbox.log and audit.log (log4j; ZimbraLog's context in brackets). `oip` is the client behind a proxy of
 * zimbraMailTrustedIP, `ip` the peer. Name and user agent, which clients choose, stand in the same brackets: where the name
 * comes first, the address's key must stand in the line once.
 */
import { type Daemon, failure, means, success, unread } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";
import { isoTime, looksIso } from "./syslog.ts";

const START = "<level:word>{  | }[<thread:note>] ";
const NAME = "name=<n:field>;{aname=<a:field>;}{mid=<m:int>;}";

/** By how the context begins, and what must not be typed then. */
const contexts = [
  { context: "[{ip=<p:ip>;}oip=<ip>;<about:text>] ", demands: {} },
  { context: `[${NAME}{ip=<p:ip>;}oip=<ip>;<about:text>] `, demands: { once: "oip=" } },
  { context: "[ip=<ip>;<about:text>] ", demands: { without: "oip=" } },
  { context: `[${NAME}ip=<ip>;<about:text>] `, demands: { without: "oip=", once: "ip=" } },
];

const servers = [
  { server: "imap", service: "imap" },
  { server: "pop", service: "pop3" },
] as const;

const refusals = [
  "security - cmd={Auth|AdminAuth}; account=<user:field>; protocol=<service:word>; error=authentication failed for <rest:note>",
  "SoapEngine - handler exception: authentication failed for [<user:text>]<rest:note>",
];

export const zimbra: Daemon = {
  name: "zimbra",
  programs: ["zimbra"],
  service: () => "webmail",
  shapes: [
    ...contexts.flatMap(({ context, demands }) => [
      ...means(
        failure,
        refusals.map((refusal) => `${START}${context}${refusal}`),
        demands,
      ),
      ...servers.flatMap(({ server, service }) =>
        means(
          { ...failure, service },
          [`${START}${context}${server} - authentication failed for [<user:text>]<rest:note>`],
          demands,
        ),
      ),
      ...means(
        success,
        [`${START}${context}security - cmd=Auth; account=<user:field>; protocol=<service:word>;`],
        demands,
      ),
    ]),
    // What Postfix asked for; the reason stands in the lines that follow
    ...means(
      failure,
      [
        `${START}[${NAME}{ip=<p:ip>;}oip=<ip>;oport=<o:int>;oproto=<service:word>;<about:text>] SoapEngine - handler exception`,
      ],
      { once: "oip=" },
    ),
    unread(`${START}[<any:text>] SoapEngine - handler exception: authentication failed<rest:note>`),
    unread(`${START}[<any:text>] security - cmd=Auth; <rest:note>`),
  ],
};

const SPACE = 0x20;
const COMMA = 0x2c;
const ZIMBRA = Buffer.from("zimbra");

/** `2021-03-03 19:26:38,616 INFO  [thread] [name=…;oip=…;] …`, local time. */
export const zimbraNative: EnvelopeForm = {
  name: "Zimbra's own",
  read(bytes, start, end, into) {
    if (!looksIso(bytes, start, end) || end - start < 32) return false;
    if (bytes[start + 19] !== COMMA || bytes[start + 23] !== SPACE) return false;
    timeAt(isoTime, bytes, start, start + 23, into);
    return readAs(ZIMBRA, bytes, start + 24, end, into);
  },
};
