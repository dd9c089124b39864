/** Accounts of the mail hosts. */
export const USERS = { alice: "right-for-alice", bob: "right-for-bob" };

/** Files by their path. */
export type Files = Record<string, string>;

/** Dovecot with POP3 and IMAP, as its documentation sets up password files, and Postfix's SASL. Passwords may be sent in the clear. */
export function dovecotFiles(version: "2.3" | "2.4", more: string): Files {
  const users = Object.entries(USERS).map(([user, password]) => `${user}:{PLAIN}${password}\n`);
  return {
    "/etc/dovecot/dovecot.conf": (version === "2.3" ? DOVECOT_23 : DOVECOT_24) + SERVICES + more,
    "/etc/dovecot/users": users.join(""),
  };
}

const DOVECOT_23 = `protocols = pop3 imap
ssl = no
disable_plaintext_auth = no
mail_location = maildir:/srv/mail/%u
first_valid_uid = 0
passdb {
  driver = passwd-file
  args = /etc/dovecot/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/srv/mail/%u
}
`;

const DOVECOT_24 = `dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols = pop3 imap
ssl = no
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = /srv/mail/%{user}
first_valid_uid = 0
passdb passwd-file {
  passwd_file_path = /etc/dovecot/users
}
userdb static {
  fields {
    uid = nobody
    gid = nogroup
    home = /srv/mail/%{user}
  }
}
`;

/** Without the penalty that makes an address wait longer after each failure: the tests have no time for it. */
const SERVICES = `service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0666
  }
}
`;

/** Postfix with submission and smtps, and Dovecot's SASL, as Postfix's SASL_README sets it up. */
export function postfixFiles(host: string): Files {
  return {
    "/etc/postfix/main.cf": `compatibility_level = 3.6
myhostname = ${host}.example.net
mydestination =
default_transport = error:no mail leaves a test
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/postfix/cert.pem
smtpd_tls_key_file = /etc/postfix/key.pem
`,
    "/etc/postfix/more-services": `587 inet n - y - - smtpd
  -o syslog_name=postfix/submission
465 inet n - y - - smtpd
  -o syslog_name=postfix/smtps
  -o smtpd_tls_wrappermode=yes
`,
  };
}

/** As Debian configures it up to 12, for mail. Postfix's smtpd has its root in its queue folder, so its socket is there, too. */
export function rsyslogFiles(): Files {
  return {
    "/etc/rsyslog.conf": `module(load="imuxsock" SysSock.RateLimit.Interval="0")
$ActionFileDefaultTemplate RSYSLOG_TraditionalFileFormat
$AddUnixListenSocket /var/spool/postfix/dev/log
mail.* -/var/log/mail.log
`,
  };
}
