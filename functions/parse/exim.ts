/**
 * Exim 4.60 to 4.98: main and reject log, its own files or syslog. src/smtp_in.c writes the refusals, src/receive.c the
 * `<=` line that names who has authenticated, src/host.c and smtp_in.c's host_and_ident the client: `name (helo) [address]`.
 * What a client says as HELO is checked first (helo_accept_junk_hosts aside) and has no space or parenthesis; a name from
 * the DNS has been looked up both ways. So everything before the address is matched from the left.
 */
import { type Daemon, failure, means, nothing, probe, success, unread } from "./daemon.ts";

/** A long line's first part (syslog), and time, zone and process id where the log has them once more. */
const START = "{[1{/|\\}<n:int>] }{<d:date> <t:clock> }{+<z:int> |-<z:int> |}{[<pid:int>] }";
const HOST =
  "{H=}{<name:host> }{(<helo:helo>) }[<ip>]{:<port:int>}{ I=[<lip:ip>]:<service:int>}{ Ci=<c:word>}";
const CLIENT = `${HOST}{ U=<u:word>}`;
const FAILED = `${START}<driver:word> authenticator failed for ${CLIENT}: `;
/** What a client's ident server says (rfc1413_hosts) may be anything. */
const FAILED_IDENT = `${START}<driver:word> authenticator failed for ${HOST} U=<u:text>: `;
/** The `a` says that the client has authenticated. */
const WORKED = `${START}<id:word> <= {<>|<sender:sender>} {DS }${HOST}{ TFO*| TFO|}{ U=<u:word>} P={utf8|}{esmtpsa|esmtpa|essmtpa|ssmtpa|smtpa|asmtp} `;
/**
 * The authenticator, and who it says it was (server_set_id), printable: what a client typed, or its certificate's subject. The sender
 * after a second colon is what smtp_mailauth adds. Where the two cannot be told apart, all of it is the name; an authenticator without
 * server_set_id gives none.
 */
const LOGIN = "A=<a:word>:<user:account>{:<s:sender>} <rest:note>";
const NAME = "A=<a:word>:<user:note>{ PRDR K| PRDR| K|} S=<rest:note>";
/** What a client typed, perhaps cut off by syslog. */
const USER = " (set_id=<user:text>)| (set_id=<user:text>";

export const exim: Daemon = {
  name: "exim",
  programs: ["exim", "exim4", "[exim]"],
  service: () => "smtp",
  writesTwice: true,
  shapes: [
    ...means(failure, [`${FAILED}535 Incorrect authentication data{${USER}|}`]),
    ...means(failure, [`${FAILED}535 Incorrect authentication data: <more:note>`]),
    ...means(failure, [`${FAILED_IDENT}535 Incorrect authentication data{${USER}|}`]),
    ...means(success, [
      ...[LOGIN, NAME].flatMap((login) => [`${WORKED}${login}`, `${WORKED}<more:note> ${login}`]),
      `${WORKED}<rest:note>`,
    ]),
    // 435: could not be judged (the authenticator is down); cancelled or malformed: no password came
    nothing(`${FAILED}{435 |501 |503 |553 |535 Authentication cancelled|535 Invalid }<rest:note>`),
    ...means(probe, [
      `${START}SMTP protocol error in "<command:text>" ${CLIENT} <reason:note>`,
      `${START}${CLIENT}<more:text>: SMTP AUTH is required <rest:note>`,
      // acl_smtp_auth said no before anything was sent
      `${START}${CLIENT}{ temporarily} rejected AUTH <command:text>`,
      `${START}${CLIENT} X=<tls:note> rejected AUTH <command:text>`,
      `${START}SMTP call from ${CLIENT} dropped: too many {unrecognized commands|syntax or protocol errors|nonmail commands} <typed:text>`,
      `${START}SMTP protocol synchronization error (input sent without waiting for greeting): rejected connection from ${CLIENT} input=<typed:text>`,
    ]),
    unread(`${START}<driver:word> authenticator failed for <any:note>`),
  ],
};
