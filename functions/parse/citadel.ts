/**
 * Citadel 9 (citadel/user_ops.c: CtdlTryPassword), syslog: an account's name, the service, and the client's name in the DNS before its
 * address, which is missing where WebCit asks.
 */
import { type Daemon, failure, means, nothing, unread } from "./daemon.ts";

const FAILED = "user_ops: bad password specified for ";
const WHO = `${FAILED}<<user:text>> Service <<service:word>> Port <<port:int>> Remote <<host:text> / `;

export const citadel: Daemon = {
  name: "citadel",
  programs: ["citserver"],
  service: () => "auth",
  shapes: [...means(failure, [`${WHO}<ip>>`]), nothing(`${WHO}>`), unread(`${FAILED}<any:note>`)],
};
