/**
 * qpopper 3 and 4 (popper/pop_pass.c, pop_msg.c, pop_log.c). A refusal is written twice: what the client is told, and for
 * whoever watches. A name has no space: qpopper takes a command apart at spaces.
 */
import { type Daemon, failure, means, nothing, probe, success, summaryFailure } from "./daemon.ts";

/** Where in the source it was written. */
const SOURCE = "{ [<s:note>]}";
const CLIENT = "<user:spaceless> at <h:host> (<ip>): ";

export const qpopper: Daemon = {
  name: "qpopper",
  programs: ["popper", "qpopper", "in.qpopper", "in.popper", "popa"],
  service: () => "pop3",
  shapes: [
    ...means(success, [`{(v<v:word>) }POP login by user "<user:text>" at (<h:host>) <ip>${SOURCE}`]),
    ...means(summaryFailure, [
      `{[AUTH] }Failed attempted login to <user:spaceless> from host (<h:host>) <ip>${SOURCE}`,
    ]),
    nothing(`${CLIENT}-ERR [AUTH] You must use <rest:note>`),
    ...means(failure, [`${CLIENT}-ERR [AUTH] <reason:note>`]),
    // A name, and no password
    ...means(probe, [`Possible probe of account <user:spaceless> from host <h:host> (<ip>)${SOURCE}`]),
  ],
};
