/** Solid POP3 daemon 0.15 (src/main.c), built with LOG_EXTEND, without which its lines have no address. */
import { type Daemon, failure, means, unread } from "./daemon.ts";

const CLIENT = "{<h:host>{ |}[<ip>]|<ip>}";

export const solidPop3d: Daemon = {
  name: "solid-pop3d",
  programs: ["solid-pop3d", "spop3d"],
  service: () => "pop3",
  shapes: [
    ...means(
      failure,
      [
        "authentication failed: no such user: ",
        "authentication failed: can't map user name: ",
        "authentication failed for user ",
        "authentication failed for mapped user ",
        "APOP authentication failed for user ",
        "APOP authentication failed for mapped user ",
        "can't find APOP secret for user ",
      ].map((words) => `${words}<user:text> - ${CLIENT}`),
    ),
    // Whatever the password is
    ...means(failure, [`root login not allowed - ${CLIENT}`]),
    unread("{APOP }authentication failed<any:note>"),
  ],
};
