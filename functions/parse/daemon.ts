/**
 * What a daemon's file says. To add a daemon: a file like `postfix.ts` that exports a `Daemon` (and like `kerio.ts` the form of
 * a log of its own, with its place in `forms.ts`), its place in `daemons.ts`, a table of its lines in `test/parse`, and the
 * lines that hold a client's text in `test/parse/hostile.test.ts`. Shapes are tried in order, those
 * that can begin with the message's first byte only; the first that fits decides. Most frequent first, and what a
 * client types in mind: see `syntax.ts` for the rule that the compiler enforces.
 */
import type { Evidence, Kind, Outcome, Service } from "./event.ts";
import { type Demands, type Shape, shape } from "./shape.ts";

/** What a line of a shape says. */
export type Meaning =
  | { outcome: Outcome; kind: Kind; evidence: Evidence; service?: Service }
  /** A line that is known and tells of no login: backend trouble, a client that never tried. */
  | "nothing"
  /** A session begins: its address counts for the lines of it that name none (`<session:…>`). */
  | "opens"
  /** A line that looks like a login but is of no known shape: counted and reported, so that an upgrade is seen. */
  | "unread";

export const failure = { outcome: "failure", kind: "auth", evidence: "login" } as const satisfies Meaning;
export const success = { outcome: "success", kind: "auth", evidence: "login" } as const satisfies Meaning;
/** Written by an auth worker or PAM, beside what the login process writes. */
export const authFailure = { outcome: "failure", kind: "auth", evidence: "auth" } as const satisfies Meaning;
/** Written at the end of a connection, beside the lines for each attempt. */
export const summaryFailure = {
  outcome: "failure",
  kind: "auth",
  evidence: "summary",
} as const satisfies Meaning;
export const summarySuccess = {
  outcome: "success",
  kind: "auth",
  evidence: "summary",
} as const satisfies Meaning;
/** The same where the summary does not tell whether a password was looked at. */
export const summaryProbe = {
  outcome: "failure",
  kind: "probe",
  evidence: "summary",
} as const satisfies Meaning;
/** Hostile, but no password was tried. */
export const probe = { outcome: "failure", kind: "probe", evidence: "login" } as const satisfies Meaning;

export interface Daemon {
  /** As in `LoginEvent.daemon`. */
  name: string;
  /**
   * The programs it logs as: a name, with a `*` before it the end of one (`*\/smtpd` for every service name), or with a `*` behind
   * it what names of instances begin with.
   */
  programs: readonly string[];
  /** What the client spoke, where the line does not tell. */
  service: (program: string) => Service;
  shapes: readonly Shape<Meaning>[];
  /** Length from which on it cuts its own messages, the rest following as a message of its own. */
  longest?: number;
  /** It gives syslog each line of a refusal twice: for its main and for its reject log. */
  writesTwice?: true;
}

/** What a `<service:…>` hole may capture. */
export const services: ReadonlyMap<string, Service> = new Map([
  ["pop3-login", "pop3"],
  ["imap-login", "imap"],
  ["submission-login", "submission"],
  ["managesieve-login", "sieve"],
  ["sieve-login", "sieve"],
  ["vchkpw-pop3", "pop3"],
  ["vchkpw-pop3s", "pop3"],
  ["vchkpw-imap", "imap"],
  ["vchkpw-imaps", "imap"],
  ["vchkpw-submission", "submission"],
  ["vchkpw-smtps", "submission"],
  ["vchkpw-smtp", "smtp"],
  // Ports (IANA)
  ["25", "smtp"],
  ["465", "submission"],
  ["587", "submission"],
  ["110", "pop3"],
  ["995", "pop3"],
  ["143", "imap"],
  ["993", "imap"],
  ["4190", "sieve"],
  // Protocols, as Kerio and Domino, Zimbra name them
  ["SMTP", "smtp"],
  ["POP3", "pop3"],
  ["IMAP", "imap"],
  ["HTTP", "webmail"],
  ["HTTP/WebMail", "webmail"],
  ["smtp", "smtp"],
  ["pop3", "pop3"],
  ["imap", "imap"],
  ["soap", "webmail"],
  ["http", "webmail"],
  ["http_basic", "webmail"],
  // Endpoints and packages, as maddy and mox name them
  ["smtp/sasl", "smtp"],
  ["submission", "submission"],
  ["submission/sasl", "submission"],
  ["imap/sasl", "imap"],
  ["pop3/sasl", "pop3"],
  ["smtpserver", "smtp"],
  ["imapserver", "imap"],
]);

/** The line is of this shape, and tells of no login. */
export function nothing(text: string): Shape<Meaning> {
  return shape<Meaning>(text, "nothing");
}

/** The line says who has opened a session. */
export function opens(text: string): Shape<Meaning> {
  return shape<Meaning>(text, "opens");
}

/** The line looks like a login. Comes after all other shapes of its daemon. */
export function unread(text: string): Shape<Meaning> {
  return shape<Meaning>(text, "unread");
}

export function means(meaning: Meaning, texts: readonly string[], demands?: Demands): Shape<Meaning>[] {
  return texts.map((text) => shape<Meaning>(text, meaning, demands));
}
