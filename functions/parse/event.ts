/** UTC seconds since 1970-01-01T00:00:00Z. */
export type EpochSeconds = number;

/** Canonical text: IPv4 dotted, IPv6 as RFC 5952, IPv4-mapped IPv6 as IPv4, no zone. */
export type Address = string;

export type Outcome = "failure" | "success";

/** `auth`: a password was tried and refused. `probe`: hostile, but no password was tried. */
export type Kind = "auth" | "probe";

/** Which process's line it was: a login process (pop3-login, smtpd), the auth worker or PAM, a summary at the end. */
export type Evidence = "login" | "auth" | "summary";

/** What the client spoke; `auth` where the line does not tell. */
export type Service = "pop3" | "imap" | "smtp" | "submission" | "sieve" | "webmail" | "auth";

export const EVIDENCES: readonly Evidence[] = ["login", "auth", "summary"];
export const SERVICES: readonly Service[] = [
  "pop3",
  "imap",
  "smtp",
  "submission",
  "sieve",
  "webmail",
  "auth",
];

/** One line's account of one login. */
export interface LoginEvent {
  at: EpochSeconds;
  outcome: Outcome;
  kind: Kind;
  evidence: Evidence;
  /** The client's address as the daemon saw it; never one that a client typed. */
  ip: Address;
  /** The user name as logged; undefined where the line has none. */
  user: string | undefined;
  service: Service;
  /** The daemon's name: `dovecot`, `postfix`, … */
  daemon: string;
  /** Failed tries that this line stands for; 0 for a success. */
  attempts: number;
  /** The server's own address, where the line names it. */
  local: Address | undefined;
}
