import { type ChildProcessWithoutNullStreams, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Network } from "./network.ts";

/** Accounts of the mail host. */
export const USERS = { alice: "right-for-alice", bob: "right-for-bob" };

/**
 * Starts real Dovecot (2.3, pop3 and imap) and rsyslog in the mail host's namespace; its log is `DIR/log/mail.log`, as Debian
 * writes it. /dev is a private one, so that /dev/log is this host's own.
 */
export function startMailHost(network: Network, dir: string): ChildProcessWithoutNullStreams {
  chmodSync(dir, 0o755); // Dovecot's own users must reach its sockets
  for (const folder of ["dev", "dev/shm", "run", "home"]) mkdirSync(join(dir, folder), { recursive: true });
  chmodSync(join(dir, "home"), 0o777);
  writeFileSync(join(dir, "users"), usersFile(), { mode: 0o644 });
  writeFileSync(join(dir, "dovecot.conf"), dovecotConfig(dir));
  writeFileSync(join(dir, "rsyslog.conf"), rsyslogConfig(dir));
  writeFileSync(join(dir, "start.sh"), START);
  return network.start("mail", "unshare", "--mount", "sh", join(dir, "start.sh"), dir);
}

/** Whether the daemons that are configured here are the installed ones. */
export function dovecotVersion(): string {
  try {
    return execFileSync("dovecot", ["--version"], { encoding: "utf8" }).trim();
  } catch {
    return "none";
  }
}

const START = `set -eu
cd "$1"
for node in null zero full random urandom tty; do
  : >dev/$node
  mount --bind /dev/$node dev/$node
done
ln -s /proc/self/fd dev/fd
mount --bind dev /dev
rsyslogd -n -f "$1/rsyslog.conf" -i "$1/rsyslog.pid" &
while [ ! -S /dev/log ]; do sleep 0.1; done
exec dovecot -F -c "$1/dovecot.conf"
`;

function usersFile(): string {
  return Object.entries(USERS)
    .map(([user, password]) => `${user}:{PLAIN}${password}\n`)
    .join("");
}

function rsyslogConfig(dir: string): string {
  return `module(load="imuxsock" SysSock.Name="/dev/log" SysSock.RateLimit.Interval="0")
$ActionFileDefaultTemplate RSYSLOG_TraditionalFileFormat
mail.* ${dir}/log/mail.log
`;
}

function dovecotConfig(dir: string): string {
  return `base_dir = ${dir}/run
state_dir = ${dir}/run
protocols = pop3 imap
listen = *, ::
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${dir}/home/%u
first_valid_uid = 0
passdb {
  driver = passwd-file
  args = ${dir}/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${dir}/home/%u
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
`;
}
