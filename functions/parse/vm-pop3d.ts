/** vm-pop3d 1.1 (user.c), a POP3 server for virtual domains. The name stands before the address. */
import { type Daemon, failure, means, unread } from "./daemon.ts";

const WHO = "User '<user:text>' - failed auth, ";

export const vmPop3d: Daemon = {
  name: "vm-pop3d",
  programs: ["vm-pop3d"],
  service: () => "pop3",
  shapes: [
    // With the domain's name between
    ...means(failure, [`${WHO}from=<ip>`, `${WHO}<domain:note>, from=<ip>`]),
    unread("User '<any:text>' - failed auth<rest:note>"),
  ],
};
