/** OpenSMTPD 5.9 to 6.3, which names the address in the line; since then it stands in another line of the session only. */
import { type Daemon, failure, means } from "./daemon.ts";

export const opensmtpd: Daemon = {
  name: "opensmtpd",
  programs: ["smtpd"],
  service: () => "smtp",
  shapes: means(failure, [
    '<session:word> smtp event=failed-command address=<ip> host=<h:host> command="AUTH <command:text>" result="535 Authentication failed"',
  ]),
};
