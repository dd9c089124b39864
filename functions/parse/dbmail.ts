/**
 * DBMail 3, syslog (src/pop3.c: pop3; src/dm_imapsession.c: dbmail_imap_session_handle_auth; src/dm_debug.c: trace). A message is cut
 * at 4,094 bytes, over IMAP behind more words than `cut.ts` knows of: there a name that could hold what follows it is not read. IMAP's
 * line has `address:port`, so IPv6 addresses cannot be told. The errorlog has line breaks that stand in a name, and is not read.
 */
import { type Daemon, failure, means, success, unread } from "./daemon.ts";

const POP3 = "Error:[pop3] pop3(+<line:int>): user [";
const IMAP = "Notice:[imap] dbmail_imap_session_handle_auth(+<line:int>): [<session:word>] login ";
const FROM = "from [{::ffff:}<ip:ip4>:<port:int>]";

export const dbmail: Daemon = {
  name: "dbmail",
  programs: ["dbmail/pop3d", "dbmail/imap4d"],
  service: (program) => (program === "dbmail/pop3d" ? "pop3" : "imap"),
  shapes: [
    ...means(failure, [
      `${POP3}<user:text>] coming from [<ip>] tried to login with wrong password`,
      `${IMAP}rejected: user [<user:token>] ${FROM}`,
    ]),
    ...means(success, [`${IMAP}accepted: {id [<id:int>] }user [<user:token>] ${FROM}`]),
    unread(`${POP3}<any:note>`),
    unread(`${IMAP}{rejected|accepted}: <any:note>`),
  ],
};
