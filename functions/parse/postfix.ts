/**
 * Postfix 2.0 to 3.10: smtpd under every service name, and postscreen. smtpd writes a warning for each refused
 * attempt (smtpd_sasl_glue.c), the login name with each message that a user sends (smtpd.c: log_whatsup), and a summary
 * at the end since 3.0 (smtpd.c: disconnect_event). The client's name was checked to be one (smtpd_peer.c).
 */
import {
  type Daemon,
  failure,
  means,
  nothing,
  probe,
  success,
  summaryProbe,
  summarySuccess,
  unread,
} from "./daemon.ts";
import type { Service } from "./event.ts";

/** `name[address]`, with the port where smtpd_client_port_logging is on. */
const CLIENT = "<name:host>[<ip>]{:<port:int>}";
const SASL = `warning: ${CLIENT}: SASL <m:mechanism> authentication `;

/** Reasons that say nothing of a password: Postfix could not ask (xsasl_dovecot_server.c; Cyrus SASL's codes for trouble of its own). */
const unjudged = [
  "Connection lost to authentication server",
  "Temporary authentication failure",
  "authentication server unavailable",
  "remote authentication server unavailable",
  "generic failure",
  "transient failure",
  "cannot connect to ",
];
/** The mechanism is not offered, or not like this, or the exchange was malformed, so no password was read. */
const noPassword = [
  "Invalid authentication mechanism",
  "no mechanism available",
  "encryption needed to use mechanism",
  "mechanism too weak for this user",
  "Invalid base64 data",
];

export const postfixSmtpd: Daemon = {
  name: "postfix",
  // rsyslog's RFC 5424 keeps what stands before the slash only (parser.permitSlashInProgramName)
  programs: ["*/smtpd", "postfix"],
  service: smtpService,
  shapes: [
    // A refused AUTH is not a refused password: it may be that AUTH is not offered here, that the mechanism is not, or that
    // Postfix could not ask. Each password that was refused has its warning
    ...means(summaryProbe, [
      `disconnect from ${CLIENT} <counts:note>auth=<succeeded:int>/<attempts:int>{ <rest:note>}`,
    ]),
    ...means(summarySuccess, [`disconnect from ${CLIENT} <counts:note>auth=<n:int>{ <rest:note>}`]),
    nothing(`${SASL}failed: {${unjudged.join("|")}}<rest:note>`),
    ...means(probe, [`${SASL}failed: {${noPassword.join("|")}}<rest:note>`]),
    ...means(failure, [`${SASL}failed: <reason:note>{, sasl_username=<user:text>}`, `${SASL}failed{:}`]),
    // behind smtpd_proxy_filter there is no queue yet: NOQUEUE (smtpd_sasl_proto.c: smtpd_sasl_mail_log)
    ...means(success, [`<queue:queue>: client=${CLIENT}, sasl_method=<m:word>, sasl_username=<user:text>`]),
    ...means(probe, [
      `{NOQUEUE: }lost connection after AUTH from ${CLIENT}`,
      `{NOQUEUE: }improper command pipelining after <command:word> from ${CLIENT}{:<typed:text>}`,
      `{NOQUEUE: }too many errors after <command:word> from ${CLIENT}`,
      `warning: non-SMTP command from ${CLIENT}: <typed:text>`,
      `warning: AUTH command rate limit exceeded: <n:int> from ${CLIENT} for service <service_name:note>`,
    ]),
    nothing(`${SASL}aborted`),
    unread(`warning: ${CLIENT}: SASL <any:note>`),
  ],
};

/** Before smtpd: no password is ever tried here. */
export const postscreen: Daemon = {
  name: "postfix",
  programs: ["*/postscreen", "postfix"],
  service: () => "smtp",
  shapes: means(probe, [
    "PREGREET <n:int> after <seconds:word> from [<ip>]:<port:int>: <typed:text>",
    "{COMMAND PIPELINING|NON-SMTP COMMAND|BARE NEWLINE|COMMAND TIME LIMIT|COMMAND COUNT LIMIT|COMMAND LENGTH LIMIT} from [<ip>]:<port:int> after <typed:text>",
  ]),
};

/** `postfix/submission/smtpd` is port 587, `smtps` and `submissions` 465 (master.cf); users submit there, servers do not. */
function smtpService(program: string): Service {
  return /submission|smtps|587|465/.test(program) ? "submission" : "smtp";
}
