/**
 * The gateway of Kopano 8 and of Zarafa 7 (gateway/IMAP.cpp, gateway/POP3.cpp: HrLogin; common/ECChannel.cpp: SetIPAddress),
 * syslog: the address, then the name, and last MAPI's code. Its own log has line breaks that stand in a name, and is not read.
 */
import { type Daemon, failure, means, nothing, success, unread } from "./daemon.ts";

const PEER = "{[<ip>]:<port:int>|<ip:ip4>:<port:int>}";
const FAILED = 'with invalid username "<user:text>" or wrong password';
const KOPANO = `Failed to login from [${PEER}] ${FAILED}: <reason:note>`;
const ZARAFA = `Failed to login from ${PEER} ${FAILED}. Error: `;

export const kopano: Daemon = {
  name: "kopano",
  programs: ["kopano-gateway", "zarafa-gateway"],
  service: () => "auth",
  shapes: [
    // MAPI_E_LOGON_FAILED
    ...means(failure, [`${KOPANO} (80040111)`, `${ZARAFA}0x80040111`]),
    // The server was not reached, or has trouble of its own
    nothing(`${KOPANO} (<code:word>)`),
    nothing(`${ZARAFA}0x<code:word>`),
    ...means({ ...success, service: "imap" }, [
      `IMAP Login from [${PEER}] for user "<user:text>"`,
      `IMAP Login from ${PEER} for user <user:text>`,
    ]),
    ...means({ ...success, service: "pop3" }, [
      `POP3 login from [${PEER}] for user "<user:text>"`,
      `POP3 Login from ${PEER} for user <user:text>`,
    ]),
    unread("Failed to login from <any:note>"),
  ],
};
