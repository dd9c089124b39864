/**
 * UW IMAP 2000 to 2007, imapd and ipop3d (src/imapd/imapd.c, src/ipopd/ipop3d.c, server_login of src/osdep/unix/env_unix.c).
 * The names stand before the host, so the last host counts; it is cut at 80 bytes, and a longer one loses its address.
 */
import { type Daemon, failure, means, probe, success, unread } from "./daemon.ts";

const HOST = "host={<h:host> |}[<ip>]";

export const uwimap: Daemon = {
  name: "uwimap",
  programs: ["imapd", "imapsd", "ipop3d", "ipop2d"],
  service: (program) => (program.includes("pop") ? "pop3" : "imap"),
  shapes: [
    ...means(success, [
      `{Login|Authenticated|Auth|APOP} user=<user:text> ${HOST}{ nmsgs=<n:note>| mech=<m:note>|}`,
    ]),
    ...means(
      failure,
      ["failed", "excessive login failures", "SYSTEM BREAK-IN ATTEMPT", "failure"].flatMap((why) => [
        `Login ${why} user=<user:text> auth=<a:text> ${HOST}`,
        `Login ${why} user=<user:text> ${HOST}`,
      ]),
    ),
    ...means(failure, [
      `AUTHENTICATE <m:mechanism> failure ${HOST}`,
      // An administrator who may not log in as somebody else
      `Failed <admin:text> override of user=<user:spaceless>{ } ${HOST}{ }`,
    ]),
    // Without TLS no password is looked at
    ...means(probe, [
      `Login disabled user=<user:text> auth=<a:text> ${HOST}`,
      `Login disabled user=<user:text> ${HOST}`,
    ]),
    unread("Login {failed|excessive|SYSTEM|failure} <any:note>"),
    unread("AUTHENTICATE <any:note>"),
    unread("Failed <any:text> override of user=<rest:note>"),
  ],
};
