/** Horde IMP 4 to 6, and Horde's base (Horde_Auth): the name stands before the address, the server behind it. */
import { type Daemon, failure, means, success } from "./daemon.ts";

const APP = "{[<level:word>] |}[{imp|horde}] ";

export const horde: Daemon = {
  name: "horde",
  programs: ["HORDE", "horde"],
  service: () => "webmail",
  shapes: [
    ...means(failure, [
      `${APP}FAILED LOGIN for <user:loose> [<ip>] to <server:note>`,
      `${APP}FAILED LOGIN for <user:loose> (<ip>) to <server:note>`,
      `${APP}FAILED LOGIN for <user:loose> [<ip>] to Horde <rest:note>`,
    ]),
    ...means(success, [
      `${APP}Login success for <user:loose> [<ip>] to <server:note>`,
      `${APP}Login success for <user:loose> (<ip>) to <server:note>`,
    ]),
  ],
};
