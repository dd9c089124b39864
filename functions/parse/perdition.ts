/**
 * Perdition 1.17 to 2.2, a proxy for IMAP and POP3 (perdition/perdition.c): client and server with their ports first, then the
 * name, then how the login went at the real server.
 */
import { type Daemon, failure, means, nothing, probe, success, unread } from "./daemon.ts";
import type { Service } from "./event.ts";

const CLIENT = "{[<ip>]|<ip:ip4>}:<port:int>->{[<lip:ip>]|<lip:ip4>}:<p:int>";
const AUTH = `Auth: ${CLIENT} `;
const NAME =
  'client-secure=<s:word> authorisation_id=<z:text> authentication_id="<user:text>" server="<x:text>';
/** As older ones have it, without ports and without the service. */
const OLD =
  'Auth: {[<ip>]|<ip:ip4>}->{[<lip:ip>]|<lip:ip4>} user="<user:text>" server="<x:text>" port="<p:note>" status=';
const REFUSALS = ["local authentication failure", "Re-Authentication Failure", "Authentication Failure"];
const REFUSED = REFUSALS.map((reason) => `status="failed: ${reason}"`);

const TROUBLE = [
  "Could not connect",
  "Could not determine server",
  "Connection Negotiation Failure",
  "TLS not present",
  "Login Disabled",
  "SASL mechanism unavailable",
];

export const perdition: Daemon = {
  name: "perdition",
  programs: [
    "perdition",
    ...["imap", "imaps", "imap4", "imap4s", "pop3", "pop3s", "managesieve"].map(
      (name) => `perdition.${name}`,
    ),
  ],
  service: serviceOf,
  shapes: [
    ...means(success, [`${AUTH}${NAME} status="ok"`, `${AUTH}<about:text> status="ok"`]),
    ...means(
      failure,
      REFUSED.flatMap((status) => [`${AUTH}${NAME} ${status}`, `${AUTH}<about:text> ${status}`]),
    ),
    ...means(success, [`${OLD}"ok"`]),
    ...means(
      failure,
      REFUSALS.map((reason) => `${OLD}"failed: ${reason}"`),
    ),
    ...means(probe, [`Fatal Error reading authentication information from client ${CLIENT}: <rest:note>`]),
    // The real server could not be asked
    ...TROUBLE.map((reason) => nothing(`${AUTH}<about:text> status="failed: ${reason}<rest:note>`)),
    unread("Auth: <any:note>"),
  ],
};

function serviceOf(program: string): Service {
  if (program.includes("sieve")) return "sieve";
  return program.includes("pop") ? "pop3" : "imap";
}
