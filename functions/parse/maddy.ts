/**
 * maddy 0.2 to 0.8 (framework/log/log.go, internal/auth/sasl.go): what happened, a tab, and an object of JSON with its names in
 * order. A quote that a client typed has a backslash before it there, so `"src_ip":"` stands in no name.
 */
import { type Daemon, failure, means, services, success, unread } from "./daemon.ts";

/** Endpoints, which maddy's own log names like programs. */
const ENDPOINTS = ["smtp", "submission", "imap", "pop3"];
const CLIENT = '"src_ip":"{[<ip>]|<ip:ip4>}:<port:int>","username":"<user:text>"<rest:note>';
/** A password was judged (internal/auth/pass_table/hash.go); other reasons are trouble of its database. */
const REFUSED = [
  "unknown credentials",
  "crypto/bcrypt: hashedPassword is not the hash of the given password",
  "pass_table: hash mismatch",
].join("|");

export const maddy: Daemon = {
  name: "maddy",
  programs: ["maddy", ...ENDPOINTS.flatMap((name) => [name, `${name}/sasl`])],
  service: (program) => services.get(program) ?? "auth",
  shapes: [
    ...means(failure, [
      `{<service:word>: }authentication failed<fields:note>"reason":"{no auth. provider accepted creds, last err: }{${REFUSED}}",${CLIENT}`,
    ]),
    // of a client that has authenticated; others have no name
    ...means(success, [`{<service:word>: }incoming message<fields:note>${CLIENT}`]),
    unread("{<service:word>: }authentication failed<fields:note>"),
  ],
};
