/**
 * mox 0.0.9 to 0.0.15 (mlog/log.go; smtpserver/server.go, imapserver/server.go): the name stands before the address, in quotes where
 * it has a space or a sign. Behind the address stand the connection's number, the time since its last line (in quotes where that is
 * microseconds), and the user whose certificate the client has shown. Of that one only a plain name is read: quotes may hold an
 * address. What speaks HTTP may have its address from a header.
 */
import { type Daemon, failure, means, unread } from "./daemon.ts";

const FAILED = 'l=info m="failed authentication attempt" ';
const SERVER = `${FAILED}pkg=<service:moxserver> `;
const REMOTE = 'remote=<ip>{ cid=<c:word>}{ delta={<t:word>|"<t:field>"}}{ username=<c:account>}';

export const mox: Daemon = {
  name: "mox",
  programs: ["mox"],
  service: () => "auth",
  shapes: [
    ...means(failure, [
      `${SERVER}username="<user:text>" ${REMOTE}`,
      `${SERVER}username=<user:text> ${REMOTE}`,
    ]),
    unread(`${FAILED}<any:note>`),
  ],
};
