/**
 * nginx's mail proxy (src/mail/ngx_mail_handler.c: ngx_mail_log_error; ngx_mail_auth_http_module.c, ngx_mail_proxy_module.c):
 * what the authentication server said, the client, our address, and last the name that the client typed.
 */

import { type Daemon, failure, means, nothing, probe, success, unread } from "./daemon.ts";
import { digits } from "./digits.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";
import { isoTime } from "./syslog.ts";

/** Behind syslog's envelope the log's own time stands once more. */
const START = "{<d:word> <t:clock> }[<level:word>] <process:note>: *<n:int> ";
const CLIENT =
  'client: <ip>{ using starttls}, server: {{[<a:ip>]|<a:word>}:<service:int>|<server:note>}, login: "<user:text>"';
const PEER = "client: <ip>{ using starttls}, server: {[<a:ip>]|<a:word>}";
/** An empty name is not written, and one with a line break ends the line. */
const UNNAMED = `${PEER}:<service:int>{, login: "<user:text>|}`;
/** Where nobody has to log in (`smtp_auth none`) the authentication server is asked who may send. */
const NAMELESS = `${PEER}:25`;
const STATE = "while <state:phrase>, ";

export const nginx: Daemon = {
  name: "nginx",
  programs: ["nginx", "mailu-front"],
  service: () => "auth",
  shapes: [
    ...means(probe, [
      `${START}client login failed: "AUTH not supported" ${STATE}${CLIENT}`,
      `${START}client login failed: "Authentication rate limit <more:note>" ${STATE}${CLIENT}`,
    ]),
    nothing(`${START}client login failed: "{Temporary|Internal|temporary|internal} <rest:note>`),
    ...means(failure, [
      `${START}client login failed: "<reason:note>" ${STATE}${CLIENT}, upstream: <up:session>`,
      `${START}client login failed: "<reason:note>" ${STATE}${CLIENT}`,
    ]),
    ...means({ ...probe, service: "smtp" }, [
      `${START}client login failed: "<reason:note>" ${STATE}${NAMELESS}`,
    ]),
    ...means(failure, [`${START}client login failed: "<reason:note>" ${STATE}${UNNAMED}`]),
    ...means(success, [
      `${START}client logged in, ${CLIENT}, upstream: <up:session>`,
      `${START}client logged in, ${CLIENT}`,
    ]),
    unread(`${START}client login failed: <any:note>`),
  ],
};

const SPACE = 0x20;
const SLASH = 0x2f;
const OPEN = 0x5b;
const NGINX = Buffer.from("nginx");

/** `2022/04/02 13:39:51 [info] 8#8: *6631 …`: nginx's error log (ngx_log.c), local time. */
export const nginxNative: EnvelopeForm = {
  name: "nginx's own",
  read(bytes, start, end, into) {
    if (end - start < 22 || bytes[start + 4] !== SLASH || bytes[start + 7] !== SLASH) return false;
    if (bytes[start + 10] !== SPACE || bytes[start + 19] !== SPACE || bytes[start + 20] !== OPEN)
      return false;
    if (digits(bytes, start, 4) < 0) return false;
    timeAt(isoTime, bytes, start, start + 19, into);
    return readAs(NGINX, bytes, start + 20, end, into);
  },
};
