/** Mail suites with a log of their own: Zimbra, Kerio Connect, Mailu, HCL Domino, Exchange, Oracle Messaging Server, ASSP. */
import { type Daemon, failure, means, nothing, probe } from "./daemon.ts";

/** Zimbra's mailbox.log and audit.log (log4j). What clients typed stands on both sides of `oip=`, so it must stand once. */
export const zimbra: Daemon = {
  name: "zimbra",
  programs: ["zimbra"],
  service: () => "webmail",
  shapes: means(
    failure,
    [
      "<level:word> <gap:note>[<thread:note>] [name=<user:field>;oip=<ip>;<about:text>] SoapEngine - handler exception{: authentication failed for <rest:note>|}",
      "<level:word> <gap:note>[<thread:note>] [name=<user:field>;oip=<ip>;<about:text>] security - cmd=Auth; <rest:note>error=authentication failed <more:note>",
    ],
    { once: ";oip=" },
  ),
};

/** Kerio Connect's security log. */
export const kerio: Daemon = {
  name: "kerio",
  programs: ["kerio"],
  service: () => "auth",
  shapes: means(failure, [
    "Failed <service:word> login from <ip> with SASL method <m:mechanism>",
    "Administration login into Web Administration from <ip> failed: <reason:note>",
    "<protocol:word>: {Invalid password for user|User} <user:text>. Attempt from IP address <ip>.",
    "<protocol:word>: {Invalid password for user|User} <user:text>. Attempt from IP address <ip>",
  ]),
};

/** Mailu's admin container: it names who is kept off for the attempts that it has counted. */
export const mailu: Daemon = {
  name: "mailu",
  programs: ["mailu"],
  service: () => "auth",
  shapes: means(probe, ["<level:word> in limiter: Authentication attempt from <ip> has been rate-limited."]),
};

export const domino: Daemon = {
  name: "domino",
  programs: ["domino"],
  service: () => "smtp",
  shapes: means(failure, [
    "smtp: <user:text> [<ip>] authentication failure using internet password",
    "smtp: <user:loose> <ip> authentication failure using internet password",
    "SMTP Server [<id:note>] Authentication failed for user <user:text> ; connecting host [<ip>]",
  ]),
};

/** Exchange's POP3 protocol log: a table, the client in its fifth column, the name as it was typed in the sixth. */
export const exchange: Daemon = {
  name: "exchange",
  programs: ["exchange"],
  service: () => "pop3",
  shapes: means(failure, [
    '<session:word>,<n:int>,<lip:ip4>:<p:int>,<ip:ip4>:<port:int>,<user:field>,<d:int>,<r:int>,<q:int>,{auth|pass|user},<m:note>,"R=""-ERR Authentication failure<rest:note>',
  ]),
};

/** Oracle (Sun) Messaging Server's connection log in XML. */
export const oracleMessaging: Daemon = {
  name: "oracleims",
  programs: ["oracleims"],
  service: () => "smtp",
  shapes: means(failure, [
    '<about:note> ac="U" tr="TCP|<lip:ip4>|<p:int>|<ip:ip4>|<port:int>" ap="<a:word>" mi="Bad password" us="<user:text>" di="535 <rest:phrase>',
    '<about:note> ac="U" tr="TCP|<lip:ip4>|<p:int>|<ip:ip4>|<port:int>" ap="<a:word>" mi="Bad password" us="<user:text>" di="535 <rest:note>',
  ]),
};

/** ASSP, a proxy before an MTA, which reports the MTA's answers. */
const WORKER = "{<id:word> |}{[<w:word>] |}{[<t:word>] |}{[<u:word>] |}";

export const assp: Daemon = {
  name: "assp",
  programs: ["assp"],
  service: () => "smtp",
  shapes: [
    ...means(probe, [
      `${WORKER}<ip> [SMTP Error] 535 5.7.8 Error: authentication failed: Invalid authentication mechanism`,
    ]),
    nothing(
      `${WORKER}<ip> [SMTP Error] 535 5.7.8 Error: authentication failed: Connection lost to authentication server`,
    ),
    ...means(failure, [
      `${WORKER}<ip> [SMTP Error] 535 5.7.8 Error: authentication failed: <reason:note>`,
      `${WORKER}<ip> max sender authentication errors (<n:int>) exceeded <rest:note>`,
      "Blocking <ip> - too much AUTH errors (<n:int>);",
    ]),
  ],
};
