import { syslog } from "./read.ts";

/** Refusals as each daemon writes them, NAME for what a client typed, ADDRESS for where it came from. */
export const REFUSALS: readonly (readonly [daemon: string, line: string])[] = [
  [
    "exim",
    "2026-11-24 02:39:01 plain authenticator failed for (x) [ADDRESS]: 535 Incorrect authentication data (set_id=NAME)",
  ],
  [
    "exim, port",
    "2026-11-24 02:39:01 plain authenticator failed for h.example.net (x) [ADDRESS]:50118 I=[192.0.2.25]:587: 535 Incorrect authentication data (set_id=NAME)",
  ],
  [
    "dovecot",
    syslog(
      "dovecot",
      "imap-login: Disconnected: Connection closed (auth failed, 2 attempts in 4 secs): user=<NAME>, method=PLAIN, rip=ADDRESS, lip=192.0.2.25, TLS, session=<a>",
    ),
  ],
  [
    "dovecot 2.4, some attempts worked",
    syslog(
      "dovecot",
      "imap-login: Login aborted: Logged out (auth failed, 1/3 successful auths in 4 secs) (auth_failed): user=<NAME>, method=PLAIN, rip=ADDRESS, lip=192.0.2.25, TLS, session=<a>",
    ),
  ],
  [
    "dovecot 2.4, cancelled at last",
    syslog(
      "dovecot",
      "imap-login: Login aborted: Logged out (auth aborted by client, 4 attempts in 6 secs) (auth_aborted_by_client): user=<NAME>, method=PLAIN, rip=ADDRESS, lip=192.0.2.25, session=<a>",
    ),
  ],
  [
    "dovecot, proxy",
    syslog(
      "dovecot",
      "imap-login: Disconnected (proxy dest auth failed): user=<NAME>, method=PLAIN, rip=ADDRESS, lip=192.0.2.25, session=<a>",
    ),
  ],
  [
    "dovecot 1.1",
    syslog(
      "dovecot",
      "pop3-login: Aborted login (1 authentication attempts): user=<NAME>, method=PLAIN, rip=::ffff:ADDRESS, lip=::ffff:192.0.2.25",
    ),
  ],
  [
    "dovecot 1.0",
    syslog(
      "dovecot",
      "pop3-login: Aborted login: user=<NAME>, method=PLAIN, rip=::ffff:ADDRESS, lip=::ffff:192.0.2.25",
    ),
  ],
  [
    "postfix",
    syslog(
      "postfix/smtpd",
      "warning: unknown[ADDRESS]: SASL LOGIN authentication failed: (reason unavailable), sasl_username=NAME",
    ),
  ],
  [
    "cyrus, httpd",
    syslog("cyrus/https", "badlogin: [ADDRESS] Basic NAME SASL(-13): authentication failure: no"),
  ],
  ["cyrus, pop3d", syslog("cyrus/pop3", "badlogin: [ADDRESS] PLAIN (NAME) [authentication failure]")],
  [
    "dovecot, macOS",
    syslog(
      "log",
      "(libdovecot.0.dylib) imap-login: Disconnected (auth failed, 2 attempts in 4 secs): user=<NAME>, method=PLAIN, rip=ADDRESS, lip=192.0.2.25, TLS",
    ),
  ],
  ["vm-pop3d", syslog("vm-pop3d", "User 'NAME' - failed auth, from=ADDRESS")],
  [
    "perdition, older",
    syslog(
      "perdition",
      'Auth: ADDRESS->192.0.2.25 user="NAME" server="s" port="143" status="failed: Re-Authentication Failure"',
    ),
  ],
  [
    "horde, own log",
    '2026-11-24T02:39:01+00:00 ERR: HORDE [imp] FAILED LOGIN for NAME (ADDRESS) to {h:993 [imap/ssl]} [pid 1 on line 1 of "x"]',
  ],
  [
    "roundcube 1.0, logins",
    "[24-Nov-2026 02:39:01 +0000]: Failed login for NAME from ADDRESS in session abc",
  ],
  ["courier, metalog", "Nov 24 02:39:01 [imapd] LOGIN FAILED, user=NAME, ip=[::ffff:ADDRESS], port=[50118]"],
  [
    "squirrelmail, no domain",
    "11/24/2026 02:39:01 [LOGIN_ERROR] NAME from ADDRESS: Unknown user or password incorrect.",
  ],
  [
    "domino, no brackets",
    "24-11-2026 02:39:01   smtp: NAME ADDRESS authentication failure using internet password",
  ],
  [
    "domino, server, brackets",
    "24-11-2026 02:39:01   SMTP Server: Authentication failed for user NAME ; connecting host [ADDRESS]",
  ],
  [
    "solid-pop3d, host",
    syslog("solid-pop3d", "authentication failed for user NAME - h.example.net [ADDRESS]"),
  ],
  ["uwimap, no second name", syslog("imapd", "Login failure user=NAME host=h.example.net [ADDRESS]")],
  ["uwimap, no host", syslog("ipop3d", "Login failed user=NAME auth=NAME host=[ADDRESS]")],
  [
    "cyrus, httpd 3.x",
    syslog("cyrus/http", "badlogin: h.example.net [ADDRESS] Basic NAME SASL(-13): authentication failure"),
  ],
  [
    "sendmail, may be forged",
    syslog(
      "sendmail",
      "4AO2d1aB012345: AUTH failure (LOGIN): user not found (-20) SASL(-13): user not found: checkpass failed, user=NAME, relay=h.example.net [ADDRESS] (may be forged)",
    ),
  ],
  [
    "sendmail, nothing more",
    syslog("sendmail", "4AO2d1aB012345: AUTH failure (LOGIN): user not found, user=NAME, relay=[ADDRESS]"),
  ],
  [
    "pam, known",
    syslog(
      "auth",
      "pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=NAME rhost=ADDRESS  user=bob",
    ),
  ],
  [
    "perdition, authorisation",
    syslog(
      "perdition",
      'Auth: ADDRESS:50118->192.0.2.25:993 client-secure=ssl authorisation_id=NAME authentication_id="NAME" server="s:993" protocol=IMAP4S server-secure=ssl status="failed: Re-Authentication Failure"',
    ),
  ],
  [
    "nginx, upstream",
    '2026/11/24 02:39:01 [info] 8#8: *1 client login failed: "Authentication credentials invalid" while in http auth state, client: ADDRESS using starttls, server: 0.0.0.0:143, login: "NAME", upstream: 192.0.2.30:143',
  ],
  [
    "roundcube, against",
    "[24-Nov-2026 02:39:01 +0000]: <s> IMAP Error: Login failed for NAME against h.example.net from ADDRESS. AUTHENTICATE PLAIN: Authentication failed. in /x.php on line 1 (POST /)",
  ],
  ["roundcube 0.5", "[24-Nov-2026 02:39:01 +0000]: FAILED login for NAME from ADDRESS"],
  [
    "kerio, no such user",
    "[24/Nov/2026 02:39:01] SMTP: User NAME doesn't exist. Attempt from IP address ADDRESS.",
  ],
  [
    "exim, ident",
    "2026-11-24 02:39:01 plain authenticator failed for h.example.net (x) [ADDRESS] U=NAME: 535 Incorrect authentication data (set_id=NAME)",
  ],
  [
    "qpopper",
    syslog("popper", 'x at h.example.net (ADDRESS): -ERR [AUTH] Password supplied for "NAME" is incorrect.'),
  ],
  [
    "courier, esmtp",
    syslog("courieresmtpd", 'error,relay=::ffff:ADDRESS,port=5,msg="535 Authentication failed.",cmd: NAME'),
  ],
  [
    "postfix, port",
    syslog(
      "postfix/smtpd",
      "warning: unknown[ADDRESS]:50118: SASL LOGIN authentication failed: authentication failure, sasl_username=NAME",
    ),
  ],
  [
    "openwebmail, password",
    "Tue Nov 24 02:39:01 2026 - [1] (ADDRESS) NAME - login error - auth_unix.pl, ret -4, Password incorrect",
  ],
  [
    "horde, parentheses",
    syslog("HORDE", '[imp] FAILED LOGIN for NAME (ADDRESS) to {h:993 [imap/ssl]} [pid 1 on line 1 of "x"]'),
  ],
  ["solid-pop3d, mapped", syslog("solid-pop3d", "authentication failed for mapped user NAME - ADDRESS")],
  [
    "cyrus",
    syslog(
      "cyrus/imap",
      "badlogin: h.example.net [ADDRESS] plaintext (NAME) [SASL(-13): authentication failure: checkpass failed]",
    ),
  ],
  ["cyrus, no such user", syslog("cyrus/pop3", "badlogin: [ADDRESS] plaintext (NAME) invalid user")],
  [
    "cyrus 2",
    syslog(
      "imapd",
      "badlogin: h.example.net [ADDRESS] plaintext NAME SASL(-13): authentication failure: checkpass failed",
    ),
  ],
  ["courier", syslog("pop3d", "LOGIN FAILED, user=NAME, ip=[::ffff:ADDRESS]")],
  ["courier, port", syslog("imapd", "LOGIN FAILED, user=NAME, ip=[::ffff:ADDRESS], port=[50118]")],
  [
    "sendmail",
    syslog(
      "sendmail",
      "4AO2d1aB012345: AUTH failure (LOGIN): authentication failure (-13) SASL(-13): authentication failure: checkpass failed, user=NAME, relay=h.example.net [ADDRESS]",
    ),
  ],
  [
    "pam",
    syslog(
      "auth",
      "pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=NAME rhost=ADDRESS",
    ),
  ],
  ["uwimap", syslog("imapd", "Login failed user=NAME auth=NAME host=h.example.net [ADDRESS]")],
  ["solid-pop3d", syslog("solid-pop3d", "authentication failed for user NAME - ADDRESS")],
  ["cucipop", syslog("cucipop", "authentication failure NAME ADDRESS")],
  ["vpopmail", syslog("vpopmail", "vchkpw-pop3: password fail NAME@:ADDRESS")],
  ["vpopmail, password", syslog("vpopmail", "vchkpw-pop3: password fail (pass: 'NAME') NAME@:ADDRESS")],
  [
    "perdition",
    syslog(
      "perdition",
      'Auth: ADDRESS:50118->192.0.2.25:993 client-secure=ssl authorisation_id=NONE authentication_id="NAME" server="s:993" protocol=IMAP4S server-secure=ssl status="failed: Re-Authentication Failure"',
    ),
  ],
  [
    "nginx",
    '2026/11/24 02:39:01 [info] 8#8: *1 client login failed: "Authentication credentials invalid" while in http auth state, client: ADDRESS, server: 0.0.0.0:143, login: "NAME"',
  ],
  [
    "roundcube",
    "[24-Nov-2026 02:39:01 +0000]: <s> IMAP Error: Login failed for NAME from ADDRESS. AUTHENTICATE PLAIN: Authentication failed. in /x.php on line 1 (POST /)",
  ],
  [
    "roundcube, logins",
    "[24-Nov-2026 02:39:01 +0000]: <s> Failed login for NAME from ADDRESS in session abc (error: 0)",
  ],
  [
    "horde",
    syslog("HORDE", '[imp] FAILED LOGIN for NAME [ADDRESS] to {h:993 [imap/ssl]} [pid 1 on line 1 of "x"]'),
  ],
  [
    "squirrelmail",
    "11/24/2026 02:39:01 [LOGIN_ERROR] NAME (example.org) from ADDRESS: Unknown user or password incorrect.",
  ],
  [
    "openwebmail",
    "Tue Nov 24 02:39:01 2026 - [1] (ADDRESS) NAME - login error - no such user - loginname=NAME",
  ],
  ["groupoffice", '[2026-11-24 02:39:01]LOGIN FAILED for user: "NAME" from IP: ADDRESS'],
  [
    "tine20",
    "8e035 ffff3 -- none -- - 2026-11-24T02:39:01+00:00 WARN (4): Tinebase_Controller::login::106 Login with username NAME from ADDRESS failed (-3)!",
  ],
  ["kerio", "[24/Nov/2026 02:39:01] IMAP: Invalid password for user NAME. Attempt from IP address ADDRESS."],
  ["mailu", "[2026-11-24 02:39:01,112] WARNING in base: Login failed for NAME from ADDRESS."],
  ["domino", "24-11-2026 02:39:01   smtp: NAME [ADDRESS] authentication failure using internet password"],
  [
    "domino, server",
    "24-11-2026 02:39:01   SMTP Server: Authentication failed for user NAME ; connecting host ADDRESS",
  ],
  [
    "oracleims",
    '<co ts="2026-11-24T02:39:01.56" pi="1.2.3" sc="tcp_local" dr="+" ac="U" tr="TCP|192.0.2.25|25|ADDRESS|56591" ap="SMTP" mi="Bad password" us="NAME" di="535 5.7.8 Bad username or password (Authentication failed)."/>',
  ],
  [
    "maddy",
    syslog(
      "maddy",
      'imap/sasl: authentication failed\t{"reason":"unknown credentials","src_ip":"ADDRESS:50118","username":"NAME"}',
    ),
  ],
  [
    "mox",
    syslog(
      "mox",
      'l=info m="failed authentication attempt" pkg=imapserver username="NAME" remote=ADDRESS cid=18f4d2 delta=1.2s',
    ),
  ],
  [
    "stalwart",
    '2026-11-24T02:39:01Z DEBUG Authentication failed (auth.failed) listenerId = "imaptls", localPort = 993, remoteIp = ADDRESS, remotePort = 50118, remoteIp = ADDRESS, accountName = "NAME", id = "a1"',
  ],
  [
    "cpanel",
    '[2026-11-24 02:39:01 +0000] info [webmaild] ADDRESS - NAME "POST /login/?login_only=1 HTTP/1.1" FAILED LOGIN webmaild: user password incorrect',
  ],
  [
    "cpanel, request",
    '[2026-11-24 02:39:01 +0000] info [webmaild] ADDRESS - bob "GET /NAME HTTP/1.1" FAILED LOGIN webmaild: user password incorrect',
  ],
  ["modoboa", syslog("modoboa.auth", "WARNING Failed connection attempt from 'ADDRESS' as user 'NAME'")],
  [
    "dbmail, pop3",
    syslog(
      "dbmail/pop3d",
      "Error:[pop3] pop3(+472): user [NAME] coming from [ADDRESS] tried to login with wrong password",
    ),
  ],
  [
    "kopano",
    syslog(
      "kopano-gateway",
      'Failed to login from [[::ffff:ADDRESS]:50118] with invalid username "NAME" or wrong password: logon failed (80040111)',
    ),
  ],
  [
    "zarafa",
    syslog(
      "zarafa-gateway",
      'Failed to login from ADDRESS:50118 with invalid username "NAME" or wrong password. Error: 0x80040111',
    ),
  ],
  [
    "citadel",
    syslog(
      "citserver",
      "user_ops: bad password specified for <NAME> Service <IMAP> Port <143> Remote <h.example.net / ADDRESS>",
    ),
  ],
  [
    "citadel, host",
    syslog(
      "citserver",
      "user_ops: bad password specified for <bob> Service <IMAP> Port <143> Remote <NAME / ADDRESS>",
    ),
  ],
  [
    "stalwart, 0.16",
    '2026-11-24T02:39:01Z DEBUG Authentication failed (auth.failed) listenerId = "imaptls", localPort = 993, remotePort = 50118, accountName = "NAME", reason = "Account not found", remoteIp = ADDRESS, id = "a1"',
  ],
];

/** Lines that can leave open who it was, since a client types on both sides of the address. */
export const AMBIGUOUS: readonly (readonly [daemon: string, line: string])[] = [
  [
    "exchange",
    '2026-11-24T02:39:01.514Z,5,1,192.0.2.25:143,ADDRESS:55576,"NAME",193,21,69,login,x,"R=""1 NO LOGIN failed."";ErrMsg=AuthFailed:LogonDenied",',
  ],
  [
    "sogo",
    syslog(
      "sogod",
      "SOGoRootPage Login from 'ADDRESS' for user 'NAME' might not have worked - password policy: 65535  grace: -1  expire: -1  bound: 0",
    ),
  ],
  [
    "sogo",
    syslog(
      "sogod",
      "SOGoRootPage Login from 'NAME, ADDRESS' for user 'bob' might not have worked - password policy: 65535  grace: -1  expire: -1  bound: 0",
    ),
  ],
  [
    "zimbra",
    "2026-11-24 02:39:01,616 INFO  [qtp] [name=DOUBLED;oip=ADDRESS;ua=DOUBLED;soapId=9f;] SoapEngine - handler exception: authentication failed for [NAME], invalid password",
  ],
  [
    "zimbra, behind its nginx",
    "2026-11-24 02:39:01,616 INFO  [qtp] [oip=DOUBLED, ADDRESS;port=52016;ua=DOUBLED;soapId=9f;] SoapEngine - handler exception: authentication failed for [NAME], invalid password",
  ],
  [
    "roundcube",
    "[24-Nov-2026 02:39:01 +0000]: <s> IMAP Error: Login failed for bob from ADDRESS(X-Forwarded-For: NAME). AUTHENTICATE PLAIN: Authentication failed. in /x.php on line 1 (POST /)",
  ],
  [
    "dbmail, imap",
    syslog(
      "dbmail/imap4d",
      "Notice:[imap] dbmail_imap_session_handle_auth(+1289): [0x7f3a5c0018b0] login rejected: user [NAME] from [ADDRESS:50118]",
    ),
  ],
  [
    "mailu, page",
    "[2026-11-24 02:39:01,112] INFO in base: Login attempt for: NAME/sso/https from: ADDRESS/50118: failed: badauth: 12ab34",
  ],
  [
    "mailu, nobody's name",
    "[2026-11-24 02:39:01,112] INFO in nginx: Login attempt for: 'NAME'/imap/993 from: ADDRESS/50118: failed: account disabled",
  ],
  [
    "horde",
    syslog(
      "HORDE",
      '[imp] FAILED LOGIN for bob (ADDRESS) (forwarded for [NAME]) to {h:993 [imap/ssl]} [pid 1 on line 1 of "x"]',
    ),
  ],
];

export const CLIENT = "203.0.113.7";
export const FORGED = "192.0.2.1";

/** The line with this name, from this address; DOUBLED stands for the name as Zimbra writes it within brackets. */
export function fill(line: string, name: string, address: string): string {
  return line
    .replaceAll("NAME", () => name)
    .replaceAll("DOUBLED", () => name.replaceAll(";", ";;"))
    .replaceAll("ADDRESS", address);
}
