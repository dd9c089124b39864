/**
 * Modoboa 1 and 2 (modoboa/core/views/auth.py: dologin, LoginView), by its syslog handler (`%(name)s: %(levelname)s %(message)s`): the
 * logger is the program. The name stands last, in quotes that it may contain.
 */
import { type Daemon, failure, means, unread } from "./daemon.ts";

export const modoboa: Daemon = {
  name: "modoboa",
  programs: ["modoboa.auth"],
  service: () => "webmail",
  shapes: [
    ...means(failure, ["WARNING Failed connection attempt from '<ip>' as user '<user:text>'"]),
    unread("WARNING Failed connection attempt from <any:note>"),
  ],
};
