/**
 * vpopmail 4.9 to 5.5 (vchkpw.c: vlog): `service: what name@domain:address`. The address stands last, behind what a client
 * typed, and behind a colon: only IPv4 (at most mapped) can be told from a name's end.
 */
import { type Daemon, failure, means, success, unread } from "./daemon.ts";

/** By the port where vpopmail has no name for it. */
const LINE = "{<service:vchkpw>|vchkpw-<port:int>}: ";
const WHO = ["<user:text>:::ffff:<ip:ip4>", "<user:text>:<ip:ip4>"];
const REFUSED =
  "{password fail|vpopmail user not found|user not found|null password given|invalid user/domain characters|system user not found|system user shadow entry not found|system password fail|user has no password}";

export const vpopmail: Daemon = {
  name: "vpopmail",
  programs: ["vpopmail", "vchkpw"],
  service: () => "auth",
  shapes: [
    ...means(
      success,
      WHO.map((who) => `${LINE}{(<m:mechanism> }login success ${who}`),
    ),
    ...means(failure, [
      // With the password where the administrator wants it so (--enable-logging=p)
      ...WHO.map((who) => `${LINE}password fail (pass: '<p:text>') ${who}`),
      ...WHO.map((who) => `${LINE}${REFUSED} ${who}`),
    ]),
    unread(`${LINE}{password fail|vpopmail user not found}<any:note>`),
  ],
};
