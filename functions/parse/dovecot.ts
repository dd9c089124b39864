/**
 * Dovecot 1.0 to 2.4. Login processes write one line at the end of a connection, with the number of failed attempts,
 * or one when the login has worked (login-common/client-common.c: client_get_log_str, client_get_extra_disconnect_reason;
 * 2.4 words it differently). Auth processes write one line an attempt where auth_verbose is on or PAM is used
 * (auth/auth-request.c: get_log_prefix, auth_request_log_unknown_user, auth_request_log_password_mismatch).
 */
import { authFailure, type Daemon, failure, means, nothing, probe, success, unread } from "./daemon.ts";

/** Dovecot's level, which it writes itself where the log is its own, and 1.x's place for it. */
const LEVEL = "{Info: }";
const LOGIN = `<service:login>: ${LEVEL}`;
/** The name is what a client typed, so the last `rip=` is the address. Only later versions write `lip=` always. */
const CLIENT = "<user:elements>rip=<ip>{, lip=<lip:ip>}{,<rest:note>}";
const CLOSED = "{Disconnected|Aborted login|Login aborted|Client has quit the connection}";
const FAILED = "{auth failed|proxy dest auth failed}";
const SECONDS = "{ in <n:int> secs|}";

/** `auth: `, `auth-worker(123): `, and 2.3's `auth-worker(123): conn unix:auth-worker (pid=1,uid=2): auth-worker<3>: `. */
const AUTH = `${LEVEL}auth{-worker}{(<n:word>)}: ${LEVEL}{conn unix:auth-worker (<n:note>): auth-worker<<n:int>>: }`;
/** A name that auth_username_chars lets pass has none of the delimiters, so this is matched from the left. */
const WHO = "<driver:word>(<user:token>,<ip>{,<<s:session>>}): ";
/** 2.4: `auth(alice,192.0.2.7,sasl:login)<session>: passwd-file: `. */
const WHO_24 = `${LEVEL}auth{-worker}(<user:token>,<ip>{,sasl:<m:word>}){<<s:session>>}: ${LEVEL}<driver:word>: `;
/** With auth_verbose_passwords. */
const GIVEN = "{ (given password: <p:secret>)| (SHA1 of given password: <p:secret>)|}";

const refused = [
  `unknown user${GIVEN}`,
  `{P|p}assword mismatch{ (for LDAP bind)}${GIVEN}`,
  `invalid credentials${GIVEN}`,
  "pam_authenticate() failed: <reason:phrase>",
  "pam_acct_mgmt() failed: <reason:phrase>",
  "Login failed (status=<n:int>)",
  "Empty username",
  "login user: Master user login attempted without master passdbs",
];

const DISALLOWED = "Username character disallowed by auth_username_chars: <c:word> (username: <user:text>)";

/**
 * No password was looked at; or, with allow_nets, it is told by another line: `Password mismatch` by this process where
 * it was wrong as well, and always by the login process.
 */
const unjudged = [
  "allow_nets check failed: <reason:note>",
  "Request timed out waiting for client <more:note>",
  "invalid input",
];

/** What login processes write besides: nothing was tried, or it was not judged, or it is told by the next line. */
const other = [
  "{Info: |Error: |Warning: |Debug: |Panic: |Fatal: }<any:note>",
  "Login failed: {Plaintext|Cleartext} authentication <any:note>",
  "Authenticate <any:note>",
  "proxy(<any:note>",
  ...[
    "client ",
    "auth aborted by client",
    "disconnected while ",
    "connection limit reached",
    "cert required",
  ].map((what) => `${CLOSED}{: <reason:note>} (${what}<any:note>`),
  `${CLOSED}: Maximum number of connections <any:note>`,
  `${CLOSED}: {Input buffer full|Connection queue full|rip=}<any:note>`,
];

export const dovecot: Daemon = {
  name: "dovecot",
  programs: ["dovecot"],
  service: () => "auth",
  shapes: [
    ...means(success, [`${LOGIN}{Login|Logged in}: ${CLIENT}`]),
    ...means(failure, [
      `${LOGIN}${CLOSED}{: <reason:note>} (${FAILED}, <attempts:int> attempts${SECONDS}){ (<code:word>)}: ${CLIENT}`,
    ]),
    ...means(
      probe,
      [
        "no auth attempts",
        "tried to use ",
        "disconnected before auth was ready",
        "disconnected during TLS",
      ].map((what) => `${LOGIN}${CLOSED}{: <reason:note>} (${what}<more:note>: ${CLIENT}`),
    ),
    ...means(
      authFailure,
      refused.flatMap((words) => [`${AUTH}${WHO}${LEVEL}${words}`, `${WHO_24}${words}`]),
    ),
    ...means(authFailure, [
      `${AUTH}<m:word>(?,<ip>{,<<s:session>>}): ${DISALLOWED}`,
      `${LEVEL}auth(?,<ip>{,sasl:<m:word>}){<<s:session>>}: <m:word>: ${DISALLOWED}`,
    ]),
    ...other.map((what) => nothing(`${LOGIN}${what}`)),
    ...unjudged.flatMap((words) => [nothing(`${AUTH}${WHO}${words}`), nothing(`${WHO_24}${words}`)]),
    unread(`${LOGIN}<any:note>`),
    unread(`${AUTH}${WHO}<any:note>`),
    unread(`${WHO_24}<any:note>`),
  ],
};
