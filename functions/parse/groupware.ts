/** Webmail of groupware with a log of its own: openWebMail, Group-Office, Tine 2.0. */
import { type Daemon, failure, means, success } from "./daemon.ts";

export const openwebmail: Daemon = {
  name: "openwebmail",
  programs: ["openwebmail"],
  service: () => "webmail",
  shapes: means(failure, ["[<pid:int>] (<ip>) <user:token> - {login|userinfo} error - <reason:note>"]),
};

export const groupoffice: Daemon = {
  name: "groupoffice",
  programs: ["groupoffice"],
  service: () => "webmail",
  shapes: [
    ...means(failure, ['LOGIN FAILED for user: "<user:text>" from IP: <ip>']),
    ...means(success, ['LOGIN SUCCESS for user: "<user:text>" from IP: <ip>']),
  ],
};

export const tine20: Daemon = {
  name: "tine20",
  programs: ["tine20"],
  service: () => "webmail",
  shapes: means(failure, [
    "WARN (<n:int>): Tinebase_Controller::login::<line:int> Login with username <user:text> from <ip> failed (<c:word>)!",
  ]),
};
