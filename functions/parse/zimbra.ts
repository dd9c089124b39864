/**
 * Zimbra 7 to 10: mailbox.log and audit.log (log4j; ZimbraLog's context in brackets). `oip` is the client behind a proxy of
 * zimbraMailTrustedIP, `ip` the peer. Name and user agent, which clients choose, stand in the same brackets. A semicolon in a
 * value is written twice (ZimbraLog.encodeArg): one with another key behind it ends the value.
 */
import { type Daemon, failure, means, success, unread } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";
import { isoTime, looksIso } from "./syslog.ts";

const START = "<level:word>{  | }[<thread:note>] ";
const NAME = "name=<n:field>;";
const WHERE = "{aname=<a:field>;}{mid=<m:int>;}";
const PEER = "{ip=<p:ip>;}";
/** X-Forwarded-For as it came, with what the nearest proxy has added: its nginx passes on what a client sends. */
const CLIENT = "oip=<ip:hops>;";
/** What Postfix asked for (saslauthd). */
const SMTP = "{oport=<o:int>;}oproto=smtp;";
const ABOUT = "{<key:word>=<about:text>}] ";

/** By how the context begins, and what must not be typed then. */
const contexts = [
  { context: `[${PEER}${CLIENT}`, demands: {} },
  { context: `[${NAME}${WHERE}${PEER}${CLIENT}`, demands: {} },
  { context: "[ip=<ip>;", demands: { without: "oip=" } },
  { context: `[${NAME}${WHERE}ip=<ip>;`, demands: { without: "oip=", once: "ip=" } },
];

const servers = [
  { server: "imap", service: "imap" },
  { server: "pop", service: "pop3" },
] as const;

const ACCOUNT = "cmd={Auth|AdminAuth}; account=<user:field>; protocol=";
const REFUSED = "authentication failed for ";
/** Both logs tell of a login, so they must name one service. */
const refusals = (protocol: string) => [
  `security - ${ACCOUNT}${protocol}; error=${REFUSED}<rest:note>`,
  `SoapEngine - handler exception: ${REFUSED}[<user:text>]<rest:note>`,
];
const proper = (protocol: string) => `security - cmd=Auth; account=<user:field>; protocol=${protocol};`;

export const zimbra: Daemon = {
  name: "zimbra",
  programs: ["zimbra"],
  service: () => "webmail",
  shapes: [
    ...contexts.flatMap(({ context, demands }) => [
      ...means(
        { ...failure, service: "smtp" },
        refusals("<p:word>").map((refusal) => `${START}${context}${SMTP}${ABOUT}${refusal}`),
        demands,
      ),
      ...means(
        failure,
        refusals("<service:word>").map((refusal) => `${START}${context}${ABOUT}${refusal}`),
        demands,
      ),
      ...servers.flatMap(({ server, service }) =>
        means(
          { ...failure, service },
          [`${START}${context}${ABOUT}${server} - ${REFUSED}[<user:text>]<rest:note>`],
          demands,
        ),
      ),
      ...means(
        { ...success, service: "smtp" },
        [`${START}${context}${SMTP}${ABOUT}${proper("<p:word>")}`],
        demands,
      ),
      ...means(success, [`${START}${context}${ABOUT}${proper("<service:word>")}`], demands),
    ]),
    // Of an account that there is; the reason stands in the lines that follow
    ...means({ ...failure, service: "smtp" }, [
      `${START}[name=<user:field>;${WHERE}${PEER}${CLIENT}${SMTP}${ABOUT}SoapEngine - handler exception`,
    ]),
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
