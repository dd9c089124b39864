/**
 * Courier 0.3x to 1.x and courier-imap: imapd, pop3d (imap/imaplogin.c, imap/pop3login.c), courieresmtpd. The name is
 * what a client typed and stands before the address; so the last `ip=[` counts, and lines are cut at 512 bytes.
 */
import { type Daemon, failure, means, nothing, success, unread } from "./daemon.ts";
import type { Service } from "./event.ts";

const CLIENT = "ip=[<ip>]{, port=[<port:int>]}";

export const courier: Daemon = {
  name: "courier",
  programs: [
    ...["imapd", "imaplogin", "pop3d", "pop3login"].flatMap((name) =>
      ["", "courier", "courier-"].flatMap((maker) => [`${maker}${name}`, `${maker}${name}-ssl`]),
    ),
    // Plesk's
    "courier-imaps",
    "courier-pop3s",
    "courieresmtpd",
    "esmtpd",
  ],
  service: serviceOf,
  // courierlogger's buffer is 512 with `INFO: ` before the message
  longest: 500,
  shapes: [
    ...means(success, [`LOGIN, user=<user:text>, ${CLIENT}{, protocol=<p:word>}`]),
    ...means(failure, [
      `LOGIN FAILED{,|:} {user=<user:text>, |method=<m:text>, |}${CLIENT}`,
      'error,relay=<ip>,{port=<p:int>,}{ident=<i:session>,}{from=<<f:session>>,}msg="535 {5.7.8 }Authentication failed.",cmd: <command:text>',
    ]),
    nothing("LOGIN: ERR<any:note>"),
    unread("LOGIN FAILED<any:note>"),
    unread('error,relay=<ip>,<any:note>msg="535 {5.7.8 }Authentication failed<rest:note>'),
  ],
};

function serviceOf(program: string): Service {
  if (program.includes("esmtp")) return "smtp";
  return program.includes("pop3") ? "pop3" : "imap";
}
