import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Ended, HOST, type RunOptions, run } from "../host/programs.ts";
import { dovecotFiles, postfixFiles, rsyslogFiles, USERS } from "./mail-config.ts";
import type { Machines } from "./network.ts";

/** A mail server as an administrator has it: Postfix, Dovecot and rsyslog at their usual places, and fleetban as installed. */
export interface MailHost {
  /** Runs a command on it, to its end. */
  run(command: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Starts a command on it that goes on until the internet is removed; returns what it has said so far. */
  start(command: readonly string[]): { said(): string };
  /** Where a file of it can be read and written from here. */
  path(file: string): string;
  remove(): void;
}

export { USERS };

/** What must be there. */
export const NEEDED = [
  "dovecot",
  "postfix",
  "rsyslogd",
  "unshare",
  "nsenter",
  "curl",
  "openssl",
  "ipset",
  "iptables",
  "ip6tables",
  "nft",
];

export interface MailHostOptions {
  /** A folder that holds another Debian than this machine's. */
  base?: string;
  /** Lines that Dovecot's configuration has besides. */
  dovecot?: string;
}

/**
 * Starts a mail host in its network namespace. Its root is an overlay in memory over a Debian; it ends with the namespace, and
 * leaves nothing.
 */
export function startMailHost<Place extends string>(
  internet: Machines<Place>,
  place: Place,
  { base = "/", dovecot = "" }: MailHostOptions = {},
): MailHost {
  const dir = mkdtempSync(join(tmpdir(), "fleetban-mail-"));
  mkdirSync(join(dir, "own"));
  const files = {
    ...dovecotFiles(versionIn(base), dovecot),
    ...postfixFiles(place),
    ...rsyslogFiles(),
    "/etc/resolv.conf": NO_RESOLVER,
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, "files", file)), { recursive: true });
    writeFileSync(join(dir, "files", file), content);
  }
  writeFileSync(join(dir, "start.sh"), START);
  const { pid } = internet.start(
    place,
    "unshare",
    "--mount",
    "--uts",
    "sh",
    join(dir, "start.sh"),
    dir,
    base,
    HOST,
    place,
  );
  const inside = (command: readonly string[]) => [
    "nsenter",
    `--target=${pid}`,
    "--net",
    "--mount",
    "--uts",
    "--root",
    "env",
    "-C",
    "/",
    "-i",
    PATH,
    ...command,
  ];
  return {
    run: (command, options) => run(inside(command), options),
    start(command) {
      const [program, ...args] = inside(command);
      const child = spawn(program!, args);
      let said = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
      return { said: () => said };
    },
    path: (file) => join(`/proc/${pid}/root`, file),
    remove: () => rmSync(dir, { recursive: true }),
  };
}

const PATH = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

/** Asking it fails at once, as there is none. */
const NO_RESOLVER = "nameserver 127.0.0.1\n";

/** Dovecot's, as packaged: its main configuration names the version from 2.4 on. */
function versionIn(base: string): "2.3" | "2.4" {
  return /^dovecot_config_version *= *2\.4/m.test(
    readFileSync(join(base, "etc/dovecot/dovecot.conf"), "utf8"),
  )
    ? "2.4"
    : "2.3";
}

/**
 * /dev is a private one, so that /dev/log is this host's own. The clock that stamps the log is an hour behind: what was logged just
 * now is of an hour that is over, and a ban, which lasts from the end of that hour, can end while a test waits.
 */
const START = `set -eu
dir=$1 base=$2 host_programs=$3 own=$1/own root=$1/own/root
hostname "$4"
mount -t tmpfs -o mode=755 tmpfs "$own"
mkdir "$own/changed" "$own/work" "$root"
mount -t overlay -o "lowerdir=$base,upperdir=$own/changed,workdir=$own/work" overlay "$root"
for folder in dev run var/log; do mount -t tmpfs -o mode=755 tmpfs "$root/$folder"; done
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
for node in null zero full random urandom; do
  : >"$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/shm"
mount --rbind /proc "$root/proc"
ln -s /proc/self/fd "$root/dev/fd"
sh "$host_programs/install" --root "$root"
cp -R "$dir/files/." "$root/"
mkdir -m 1777 "$root/srv/mail"
cd "$root"
exec chroot . env -i ${PATH} sh -euc '
  TZ=UTC+1 rsyslogd -n &
  while [ ! -S /dev/log ]; do sleep 0.1; done
  if [ -d /var/spool/postfix ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=mx -keyout /etc/postfix/key.pem -out /etc/postfix/cert.pem
    cat /usr/share/postfix/master.cf.dist /etc/postfix/more-services >/etc/postfix/master.cf
    postfix start
  fi
  exec dovecot -F'
`;
