/** nginx's mail proxy (src/mail/ngx_mail_auth_http_module.c): what the auth server said, then the client, then the name. */
import { type Daemon, failure, means, probe } from "./daemon.ts";

const START = "{[<level:word>] <process:note>: *<n:int> |}client login failed: ";
const CLIENT = 'while in http auth state, client: <ip>, server: <server:note>, login: "<user:text>"';

export const nginx: Daemon = {
  name: "nginx",
  programs: ["nginx"],
  service: () => "auth",
  shapes: [
    ...means(probe, [`${START}"AUTH not supported" ${CLIENT}`]),
    ...means(failure, [`${START}"<reason:phrase>" ${CLIENT}`]),
  ],
};
