/**
 * Exim 4.60 to 4.98: main and reject log, its own files or syslog. src/smtp_in.c writes the refusals, src/receive.c the
 * `<=` line that names who has authenticated, src/host.c and smtp_in.c's host_and_ident the client: `name (helo) [address]`.
 * What a client says as HELO is checked first (helo_accept_junk_hosts aside) and has no space or parenthesis; a name from
 * the DNS has been looked up both ways. So everything before the address is matched from the left.
 */
import { type Daemon, failure, means, nothing, probe, success, unread } from "./daemon.ts";

/** Time and process id where the log has them once more; a long line's first part (syslog). */
const START = "{<d:date> <t:clock> }{[<pid:int>] }{[1/<n:int>] }";
const CLIENT =
  "{H=}{<name:host> }{(<helo:helo>) }[<ip>]{:<port:int>}{ I=[<lip:ip>]:<p:int>}{ Ci=<c:int>}{ U=<u:word>}";
const FAILED = `${START}<driver:word> authenticator failed for ${CLIENT}: `;
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
    // The `a` in the protocol says that the client has authenticated
    ...means(success, [
      `${START}<id:word> <= <sender:token> ${CLIENT} P={esmtpsa|esmtpa|essmtpa|ssmtpa|smtpa|asmtp} <more:note>A=<a:word>:<user:token> S=<rest:note>`,
      `${START}<id:word> <= <sender:token> ${CLIENT} P={esmtpsa|esmtpa|essmtpa|ssmtpa|smtpa|asmtp} A=<a:word>:<user:token> S=<rest:note>`,
    ]),
    // 435: could not be judged (the authenticator is down); cancelled or malformed: no password came
    nothing(`${FAILED}{435 |501 |503 |535 Authentication cancelled|535 Invalid }<rest:note>`),
    ...means(probe, [
      `${START}SMTP protocol error in "<command:text>" ${CLIENT} <reason:note>`,
      `${START}${CLIENT}<more:text>: SMTP AUTH is required <rest:note>`,
    ]),
    unread(`${FAILED}<rest:note>`),
  ],
};
