/**
 * Dovecot 1.0 to 2.4. Login processes write one line at the end of a connection, with the number of failed attempts,
 * or one when the login has worked (login-common/client-common.c: client_get_log_str, client_get_extra_disconnect_reason;
 * 2.4 words it differently). Auth processes write one line an attempt where auth_verbose is on or PAM is used
 * (auth/auth-request.c: get_log_prefix, auth_request_log_unknown_user, auth_request_log_password_mismatch).
 */
import {
  authFailure,
  type Daemon,
  failure,
  type Meaning,
  means,
  nothing,
  probe,
  success,
  unread,
} from "./daemon.ts";
import { type Shape, shape } from "./shape.ts";

/** Dovecot's level, which it writes itself where the log is its own; up to 1.2 before the process. */
const LEVEL = "{Info: }";
const LOGIN = `${LEVEL}<service:login>: ${LEVEL}`;
/** The name is what a client typed, so the last `rip=` is the address. Only later versions write `lip=` always. */
const CLIENT = "<user:elements>rip=<ip>{, lip=<lip:ip>}{,<rest:note>}";
/** submission-login gives the reason with nothing before it (lib-smtp/smtp-server-connection.c). */
const CLOSED = `{${[
  "Disconnected",
  "Aborted login",
  "Login aborted",
  "Client has quit the connection",
  "Remote closed connection unexpectedly",
  "Remote closed connection",
  "Remote disconnected",
  "Connection closed",
  "Too many invalid commands",
  "Disconnected for inactivity",
  "Server shutting down",
  "Aborted login by logging out",
].join("|")}}`;
const WHY = `${LOGIN}${CLOSED}{: <reason:note>} `;
/** No attempt of the connection was refused. A name that says so has what stands behind it twice. */
const ONE_NAME = { once: ">, method=" };
const UNNAMED = "user=<>, method=<m:elements>rip=<ip>{, lip=<lip:ip>}{,<rest:note>}";
/** Dovecot writes the mechanism in capitals, so none that a client makes up stands for what follows it. */
const NAMED = "user=<<user:text>>, method=<m:spaceless> rip=<ip>{, lip=<lip:ip>}{,<rest:note>}";
/** `proxy(alice): ` of 2.2, `proxy(alice,192.0.2.30:143): ` of 2.3; of a name that contains none of the delimiters. */
const PROXY = `${LOGIN}proxy(<user:token>{,{[<h:host>]:<p:int>|<h:host>}|}): `;
const SECONDS = "{ in <n:int> secs|}";
/** 2.4's word for the event. */
const CODE = "{ (<code:word>)}: ";

/** `auth: `, `auth-worker(123): `, and 2.3's `auth-worker(123): conn unix:auth-worker (pid=1,uid=2): auth-worker<3>: `. */
const AUTH = `${LEVEL}auth{-worker}{(<n:word>)}: ${LEVEL}{conn unix:auth{-worker} (<n:note>): auth{-worker}<<n:int>>: }`;
/**
 * A name that auth_username_chars lets pass has none of the delimiters, so this is matched from the left. `master` is who logs
 * in as somebody else.
 */
const WHO = "<driver:word>(<user:token>,<ip>{,master}{,<<s:session>>|,|}): ";
/**
 * 2.4: `auth(alice,192.0.2.7,sasl:login)<session>: passwd-file: `, and its workers
 * `auth-worker(alice,192.0.2.7)<pid><session>: request [3]: pam: `.
 */
const REQUEST_24 = `${LEVEL}auth{-worker}(<user:token>,<ip>{,sasl:<m:word>}{,master}){<<pid:int>>}{<<s:session>>}: ${LEVEL}{request [<n:int>]: }${LEVEL}`;
const WHO_24 = `${REQUEST_24}<driver:word>: `;
/** With auth_verbose_passwords; 2.4 leaves the space where the mechanism gives no password. */
const GIVEN = "{ (given password: <p:secret>)| (SHA1 of given password: <p:secret>)| |}";

/** None ends with what may be anything: where auth_username_chars is empty, a name could say it and an address before. */
const refused = anyOf([
  `{U|u}nknown user${GIVEN}`,
  `{P|p}assword mismatch{ (for LDAP bind)}${GIVEN}`,
  `{I|i}nvalid credentials${GIVEN}`,
  "User unknown",
  "{U|u}ser not found",
  "Login failed (status=<n:int>)",
  "Empty username",
  "Login attempt with empty password",
  "Attempted login with password having illegal chars",
  "Attempted master login with no master passdbs (trying to log in as user: <account:token>)",
  "login user: Master user login attempted without master passdbs",
  "user not authenticated: <reason:secret>",
  "oauth2 failed: <reason:secret>",
  "[AUTHENTICATIONFAILED] <reply:secret>",
]);
const PAM = "pam_authenticate() failed: ";
const refusedByPam = anyOf([
  `${PAM}<reason:phrase>`,
  `${PAM}Authentication failure ({P|p}assword mismatch?) (given password: <p:secret>)`,
  // As summed up by a log's reader
  `${PAM}<reason:phrase>: <attempts:int> Time(s)`,
]);

const DISALLOWED = "Username character disallowed by auth_username_chars: <c:word> (username: <user:text>)";

/**
 * No password was looked at; or, with allow_nets, it is told by another line: `Password mismatch` by this process where
 * it was wrong as well, and always by the login process. Where the next database is asked, that one tells. Trouble of PAM's
 * modules (pam_strerror), and an account that the password was right for.
 */
const unjudged = anyOf([
  "allow_nets check failed: <reason:note>",
  "Request timed out waiting for client <more:note>",
  "invalid input",
  "Authentication failure due to policy server refusal<reason:note>",
  "User found from deny passdb",
  `{U|u}nknown user${GIVEN} - trying the next {passdb|userdb}`,
  `{P|p}assword mismatch{ (for LDAP bind)}${GIVEN} - trying the next {passdb|userdb}`,
  "Requested <scheme:word> scheme, but we have <more:note>",
  "No password returned <more:note>",
  ...[
    "Error in service module",
    "Authentication service cannot retrieve",
    "System error",
    "Critical error",
    "Conversation error",
    "Module is unknown",
  ].map((trouble) => `${PAM}${trouble}<rest:note>`),
  "pam_{start|setcred|acct_mgmt}() failed: <reason:note>",
  "Master user logging in as <account:note>",
]);

/** What login processes write besides: nothing was tried, or it was not judged, or it is told by the next line. */
const other = [
  "Login failed: {Plaintext|Cleartext} authentication <any:note>",
  "Login failed: SSL required for authentication<any:note>",
  "Authenticate <any:note>",
  "APOP failed: <any:note>",
  "proxy{(|: }<any:note>",
  ...[
    "client ",
    "client_limit ",
    "The process is ",
    "aborted authentication",
    "anonymous logins disabled",
    "auth aborted by client",
    "auth process communication failure",
    "auth referral",
    "auth service reported temporary failure",
    "authorization failed",
    "cert required",
    "connection limit reached",
    "disconnected while ",
    "internal failure",
    "login disabled",
    "password expired",
    "proxy dest ",
    "sent invalid base64 in response",
    "user disabled",
  ].map((what) => `${CLOSED}{: <reason:note>} (${what}<any:note>`),
  `{${CLOSED}: }Maximum number of connections <any:note>`,
  "Internal login failure <any:note>",
  `${CLOSED}: {Input buffer full|Connection queue full}<any:note>`,
];

/**
 * A connection whose last attempt was none. Its reason is all that 2.3 gives, 2.4 says how many there were too; where there is a
 * name, it is that of one before which was refused.
 */
function lastWasNone(reason: string, meaning: Meaning): Shape<Meaning>[] {
  return [
    shape(`${WHY}(${reason}, 1 attempts<more:note>: ${CLIENT}`, meaning),
    shape(`${WHY}(${reason}<more:note>: ${UNNAMED}`, meaning, ONE_NAME),
    shape(`${WHY}(${reason}{, <attempts:int> attempts${SECONDS}})${CODE}${NAMED}`, failure),
  ];
}

/** The server ended the connection for reasons of its own, before anything was tried (login-common/main.c: auth_connect_notify). */
const OWN_TROUBLE = "{Auth process broken|Shutting down|TLS initialization failed.}";

const shapes: readonly Shape<Meaning>[] = [
  ...means(success, [`${LOGIN}{Login|Logged in}: ${CLIENT}`]),
  ...means(failure, [`${WHY}(auth failed, <attempts:int> attempts${SECONDS})${CODE}${CLIENT}`]),
  nothing(
    `${LOGIN}{Disconnected|Login aborted}: ${OWN_TROUBLE} ({no auth attempts|disconnected before }<any:note>`,
  ),
  ...means(
    probe,
    ["no auth attempts", "client didn't finish SASL auth, waited "].map(
      (what) => `${WHY}(${what}<more:note>: ${CLIENT}`,
    ),
  ),
  // With auth_debug most lines
  nothing(`${LOGIN}{Error: |Warning: |Debug: |Panic: |Fatal: }<any:note>`),
  ...lastWasNone("client didn't finish SASL auth", probe),
  ...lastWasNone("tried to use {unsupported auth mechanism|disallowed {cleartext|plaintext} auth}", probe),
  ...means(
    probe,
    [
      "tried to use ",
      "client didn't finish SASL auth, ",
      "disconnected before auth was ready",
      "disconnected before greeting",
      "disconnected during TLS",
    ].map((what) => `${WHY}(${what}<more:note>: ${CLIENT}`),
  ),
  ...means(failure, [
    `${WHY}(auth failed, <succeeded:int>/<attempts:int> successful auths${SECONDS})${CODE}${CLIENT}`,
    // Refused by the server behind a proxy, 2.4's words first. All were: who is let through there gets no such line
    ...["authentication failure", "auth failed"].flatMap((what) => [
      `${WHY}(proxy dest ${what}, {<n:int>/|}<attempts:int> {successful auths|attempts}${SECONDS})${CODE}${CLIENT}`,
      `${WHY}(proxy dest ${what})${CODE}${CLIENT}`,
    ]),
    // 1.1
    `${WHY}(<attempts:int> authentication attempts): ${CLIENT}`,
  ]),
  ...lastWasNone("auth aborted by client", "nothing"),
  ...lastWasNone("sent invalid base64 in response", "nothing"),
  // 1.0 gives no reason. A mechanism without a login is an attempt; where there is no name, none was sent
  ...means(failure, [
    `${LOGIN}Aborted login: user=<<user:text>>, method=<m:word>, rip=<ip>{, lip=<lip:ip>}{, <rest:note>}`,
  ]),
  ...means(probe, [
    `${LOGIN}{Aborted login|Disconnected}{: Inactivity}: {method=<m:word>, }rip=<ip>{, lip=<lip:ip>}{,<rest:note>}`,
  ]),
  // A Dovecot proxy: what the server behind it said, and once more at the end of the connection
  nothing(`${PROXY}Login failed<to:note>: [UNAVAILABLE]<rest:note>`),
  ...means(authFailure, [`${PROXY}Login failed<more:note>: ${CLIENT}`]),
  // A name that says so stands in the line twice
  ...means(success, [`${PROXY}{s|S}tarted proxying to <more:note>: ${CLIENT}`], { once: "proxying to " }),
  ...means(authFailure, [
    `${AUTH}${WHO}${LEVEL}${refused}`,
    `${WHO_24}${refused}`,
    `dovecot: ${AUTH}${WHO}${LEVEL}${refused}`,
  ]),
  nothing(`${AUTH}${WHO}${unjudged}`),
  nothing(`${WHO_24}${unjudged}`),
  ...means(authFailure, [
    `${AUTH}${WHO}${LEVEL}${refusedByPam}`,
    `${WHO_24}${refusedByPam}`,
    `dovecot: ${AUTH}${WHO}${LEVEL}${refusedByPam}`,
  ]),
  ...means(authFailure, [
    `${AUTH}<m:word>(?,<ip>{,<<s:session>>}): ${DISALLOWED}`,
    `${LEVEL}auth(?,<ip>{,sasl:<m:word>}){<<s:session>>}: ${LEVEL}<m:word>: ${DISALLOWED}`,
  ]),
  ...other.map((what) => nothing(`${LOGIN}${what}`)),
  // What auth_debug adds, and trouble of our own
  nothing(`${REQUEST_24}{Debug|Warning|Error|Panic|Fatal}: <any:note>`),
  unread(`${LOGIN}<any:note>`),
  unread(`${AUTH}${WHO}<any:note>`),
  unread(`${WHO_24}<any:note>`),
];

export const dovecot: Daemon = {
  name: "dovecot",
  // lib-master/master-service.c gives syslog the instance_name, which is `dovecot` unless several run on a host
  programs: ["dovecot*"],
  service: () => "auth",
  shapes,
};

/** macOS's log has before a message which library wrote it, and it was Dovecot's log process that handed it on. */
export const dovecotOnMac: Daemon = {
  name: "dovecot",
  programs: ["log", "dovecot", "imap-login", "pop3-login"],
  service: () => "auth",
  shapes: shapes
    .filter(({ text }) => !text.startsWith(PROXY))
    .map(({ text, meaning }) =>
      shape(`(libdovecot.<v:int>.dylib) ${text}`, meaning, text.includes(UNNAMED) ? ONE_NAME : {}),
    ),
};

/** One of these stands there. */
function anyOf(texts: readonly string[]): string {
  return `{${texts.join("|")}}`;
}
