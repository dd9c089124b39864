/**
 * Courier 0.3x to 1.x and courier-imap: imapd, pop3d (imap/imaplogin.c, imap/pop3login.c), courieresmtpd. The name is
 * what a client typed and stands before the address; so the last `ip=[` counts, and lines are cut at 512 bytes.
 */
import { type Daemon, failure, means, nothing, probe, success, unread } from "./daemon.ts";
import type { Service } from "./event.ts";

const CLIENT = "ip=[<ip>]{, port=[<port:int>]}";
/** Mechanisms that it knows (libs/courierauthsaslinit.c); no password is read for another. */
const MECHANISM = "{PLAIN|LOGIN|CRAM-MD5|CRAM-SHA1|CRAM-SHA256|EXTERNAL}";

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
    "courierd",
  ],
  service: serviceOf,
  // courierlogger's buffer is 512 with `INFO: ` before the message
  longest: 500,
  shapes: [
    ...means(success, [`LOGIN, user=<user:text>, ${CLIENT}{, protocol=<p:word>}`]),
    ...means(failure, [
      `LOGIN FAILED{,|:} {user=<user:text>, |method=${MECHANISM}, |}${CLIENT}`,
      'error,relay=<ip>,{port=<p:int>,}{ident=<i:session>,}{from=<<f:session>>,}msg="535 {5.7.8 }Authentication failed.",cmd: <command:text>',
      // what a client's ident server says may be anything
      'error,relay=<ip>,{port=<p:int>,}ident="<i:text>msg="535 {5.7.8 }Authentication failed.",cmd: <command:text>',
    ]),
    ...means(probe, [`LOGIN FAILED{,|:} method=<m:text>, ${CLIENT}`]),
    // courierd, of a message from a client that has authenticated
    ...means(success, [
      "newmsg,id=<id:word>, auth=<user:account>: dns; <helo:text> ({<name:sender> |}[<ip>])",
    ]),
    nothing("LOGIN: ERR<any:note>"),
    unread("LOGIN FAILED<any:note>"),
    unread('error,relay=<ip>,<any:note>msg="535 {5.7.8 }Authentication failed<rest:note>'),
  ],
};

function serviceOf(program: string): Service {
  if (program.includes("esmtp") || program === "courierd") return "smtp";
  return program.includes("pop3") ? "pop3" : "imap";
}
