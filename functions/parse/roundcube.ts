/**
 * Roundcube 0.5 to 1.6 (rcube_imap.php, rcmail_action_login_index.php; rcube_utils::remote_ip writes the client). The name stands
 * before the address and headers that a client sent behind it, both as they came. So where a line has such headers, ` from ` must
 * stand in it once; where it has none, the last one counts behind which the sentence goes on as it should.
 */
import { type Daemon, failure, means, success, unread } from "./daemon.ts";

const SESSION = "{<<s:session>> |}";
const FAILED = `${SESSION}{IMAP Error: Login failed|IMAP Error: Authentication failed|FAILED login|Failed login} for `;
const WORKED = `${SESSION}Successful login for `;
const HEADERS = "{ |}(X-<forwarded:note>)<rest:note>";
const END = "{. <reason:note>| in session <session:note>|}";

export const roundcube: Daemon = {
  name: "roundcube",
  programs: ["roundcube", "roundcubemail"],
  service: () => "webmail",
  shapes: [
    ...means(
      failure,
      [
        `${FAILED}<user:token> from <ip>${HEADERS}`,
        `${FAILED}<user:token> against <h:host> from <ip>${HEADERS}`,
      ],
      {
        once: " from ",
      },
    ),
    ...means(success, [`${WORKED}<user:token> (ID: <n:int>) from <ip>${HEADERS}`], { once: " from " }),
    ...means(failure, [`${FAILED}<user:token> against <h:host> from <ip>${END}`], { once: " from " }),
    ...means(failure, [`${FAILED}<user:loose> from <ip>${END}`], { without: "(X-" }),
    ...means(success, [`${WORKED}<user:loose> (ID: <n:int>) from <ip>${END}`], { without: "(X-" }),
    unread(`${FAILED}<any:note>`),
  ],
};
