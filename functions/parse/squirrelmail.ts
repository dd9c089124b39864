/** SquirrelMail's squirrel_logger plug-in: `[LOGIN_ERROR] name (domain) from address: reason`. */
import { type Daemon, failure, means, success } from "./daemon.ts";

export const squirrelmail: Daemon = {
  name: "squirrelmail",
  programs: ["squirrelmail"],
  service: () => "webmail",
  shapes: [
    ...means(failure, ["[LOGIN_ERROR] <user:text> from <ip>: <reason:phrase>"]),
    ...means(success, ["[LOGIN] <user:text> from <ip>{: <reason:phrase>}"]),
  ],
};
