/**
 * mox 0.0.9 to 0.0.15 (mlog/log.go; smtpserver/server.go, imapserver/server.go): the name stands before the address, in quotes where
 * it has a space or a sign. Behind the address stand the connection's number and times only.
 */
import { type Daemon, failure, means, unread } from "./daemon.ts";

const FAILED = 'l=info m="failed authentication attempt" ';
const REMOTE = "remote=<ip>{ <rest:note>}";

export const mox: Daemon = {
  name: "mox",
  programs: ["mox"],
  service: () => "auth",
  shapes: [
    ...means(failure, [
      `${FAILED}pkg=<service:word> username="<user:text>" ${REMOTE}`,
      `${FAILED}pkg=<service:word> username=<user:text> ${REMOTE}`,
    ]),
    unread(`${FAILED}<any:note>`),
  ],
};
