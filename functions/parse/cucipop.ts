/** cucipop 1.31 (cucipop.c): the name, then the address. */
import { type Daemon, failure, means } from "./daemon.ts";

export const cucipop: Daemon = {
  name: "cucipop",
  programs: ["cucipop"],
  service: () => "pop3",
  shapes: means(failure, ["authentication failure <user:text> <ip>"]),
};
