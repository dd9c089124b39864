/** Old POP3 and IMAP servers: UW imapd and ipop3d, qpopper, solid-pop3d, vpopmail's vchkpw, cucipop, Perdition. */
import { type Daemon, failure, means, success } from "./daemon.ts";
import type { Service } from "./event.ts";

/** UW IMAP 2000 to 2007 (imapd.c, server_login of env_unix.c): the name stands before the host, so the last host counts. */
export const uwImap: Daemon = {
  name: "uwimap",
  programs: ["imapd", "ipop3d", "ipop2d"],
  service: popOrImap,
  shapes: [
    ...means(success, [
      "{Login|Authenticated|Auth} user=<user:text> host={<h:host> |}[<ip>]{ nmsgs=<n:note>}",
    ]),
    ...means(failure, [
      "Login {failed|excessive login failures|failure} user=<user:text> host={<h:host> |}[<ip>]",
      "AUTHENTICATE <m:mechanism> failure host={<h:host> |}[<ip>]",
    ]),
  ],
};

/** qpopper 4 (pop_pass.c). */
export const qpopper: Daemon = {
  name: "qpopper",
  programs: ["popper", "qpopper", "in.qpopper"],
  service: () => "pop3",
  shapes: means(failure, [
    "{[AUTH] |}Failed attempted login to <user:text> from host (<h:host>) <ip>{ [<source:note>}",
    "<user:text> at <h:host> (<ip>): -ERR [AUTH] <reason:note>",
  ]),
};

export const solidPop3d: Daemon = {
  name: "solid-pop3d",
  programs: ["solid-pop3d", "spop3d"],
  service: () => "pop3",
  shapes: means(failure, [
    "authentication failed: {no such user|can't map user name}: <user:text> - <ip>",
    "authentication failed for user <user:text> - <ip>",
    "can't find APOP secret for user <user:text> - <ip>",
  ]),
};

/** vpopmail 5 (vchkpw.c): `name:address`; the address is IPv4, at most mapped. */
export const vpopmail: Daemon = {
  name: "vpopmail",
  programs: ["vpopmail", "vchkpw"],
  service: () => "auth",
  shapes: [
    ...means(failure, [
      "<service:vchkpw>: {password fail|vpopmail user not found|user not found|null password given|invalid user/domain characters} <user:text>:<ip:ip4>",
    ]),
    ...means(success, ["<service:vchkpw>: {(<m:mechanism> |}login success <user:text>:<ip:ip4>"]),
  ],
};

export const cucipop: Daemon = {
  name: "cucipop",
  programs: ["cucipop"],
  service: () => "pop3",
  shapes: means(failure, ["authentication failure <user:loose> <ip>"]),
};

/** Perdition 1.19 to 2 (perdition.c): the client's address and port stand first. */
export const perdition: Daemon = {
  name: "perdition",
  programs: [
    "perdition",
    "perdition.imap4",
    "perdition.imap4s",
    "perdition.imaps",
    "perdition.pop3",
    "perdition.pop3s",
  ],
  service: popOrImap,
  shapes: [
    ...means(failure, [
      'Auth: <ip:ip4>:<port:int>-><lip:ip4>:<p:int> <about:text> status="failed: {local authentication failure|Re-Authentication Failure|Authentication Failure}"',
    ]),
    ...means(success, ['Auth: <ip:ip4>:<port:int>-><lip:ip4>:<p:int> <about:text> status="ok"']),
  ],
};

function popOrImap(program: string): Service {
  return program.includes("pop") ? "pop3" : "imap";
}
