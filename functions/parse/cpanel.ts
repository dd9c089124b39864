/**
 * cPanel's login_log since 2016, of webmail: the address, then the name and the request as the client sent them, and the reason. The
 * hosting panels (cpaneld, whostmgrd) write there too; they are no mail services.
 */
import { type Daemon, failure, means, nothing, success, unread } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";
import { startsWith } from "./places.ts";
import { isoTime, looksIso } from "./syslog.ts";

const CLIENT = "info [{webmaild|cpsrvd}] <ip> - ";
const FAILED = `${CLIENT}<user:text> "<request:text>" FAILED LOGIN webmaild: `;

export const cpanel: Daemon = {
  name: "cpanel",
  programs: ["cpanel"],
  service: () => "webmail",
  shapes: [
    ...means(failure, [
      `${FAILED}user password incorrect`,
      `${FAILED}user password hash is missing from system (user probably does not exist)`,
    ]),
    nothing(`${FAILED}login attempt without username`),
    // A reason may hold a name, and that the end of a proper login
    ...means(success, [`${CLIENT}<user:spaceless>{ (possessor: <who:note>)} - SUCCESS LOGIN webmaild`], {
      without: "FAILED LOGIN",
    }),
    unread(`${CLIENT}<any:text> FAILED LOGIN webmaild: <reason:note>`),
  ],
};

const SPACE = 0x20;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const CPANEL = Buffer.from("cpanel");
const INFO = Buffer.from("info [");

/** `[2026-11-24 02:39:01 +0000] info [webmaild] …`. */
export const cpanelNative: EnvelopeForm = {
  name: "cPanel's own",
  read(bytes, start, end, into) {
    if (bytes[start] !== OPEN || !looksIso(bytes, start + 1, end) || bytes[start + 20] !== SPACE)
      return false;
    const message = start + 28;
    if (bytes[start + 26] !== CLOSE || !startsWith(bytes, message, end, INFO)) return false;
    timeAt(isoTime, bytes, start + 1, start + 26, into);
    return readAs(CPANEL, bytes, message, end, into);
  },
};
