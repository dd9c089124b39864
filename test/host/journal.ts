import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * A journal, and a `journalctl` that serves it as systemd's does: `--cursor` begins at that entry, or where it is gone at the
 * next later one, `--lines=1` is the latest. Our own script, since there is no journald where tests run.
 */
export async function startJournal(dir: string) {
  const bin = join(dir, "journal-bin");
  await mkdir(bin);
  const file = join(dir, "journal.json");
  await writeFile(file, "");
  await writeFile(join(bin, "journalctl"), SCRIPT);
  await chmod(join(bin, "journalctl"), 0o755);
  let entries: Entry[] = [];
  let written = 0;
  const keep = () => writeFile(file, entries.map(({ line }) => `${line}\n`).join(""));
  return {
    env: { PATH: `${bin}:${process.env.PATH}`, FAKE_JOURNAL: file },
    /** Messages as their program logs them, longer by `padding`; returns what they are. */
    async log(count: number, padding = 0): Promise<string[]> {
      const added = Array.from({ length: count }, () => entryOf(++written, padding));
      entries = [...entries, ...added];
      await keep();
      return added.map(({ message }) => message);
    },
    /** As `journalctl --vacuum-…`: all but the latest so many entries go. */
    async vacuum(left: number) {
      entries = left === 0 ? [] : entries.slice(-left);
      await keep();
    },
    /** The journal of another machine, or of a clock that was set back: entries earlier than all before. */
    async reset() {
      entries = [];
      written = -1_000_000 + written;
      await keep();
    },
    /** The arguments of each call so far. */
    calls: () => readFile(`${file}.calls`, "utf8"),
  };
}

interface Entry {
  message: string;
  line: string;
}

const BEGIN = 1_795_489_200_000_000;

function entryOf(number: number, padding: number): Entry {
  const message = `warning: unknown[198.51.100.${Math.abs(number) % 256}]: SASL LOGIN authentication failed: try ${number}, "__CURSOR":"s=0;b=0"${" ".repeat(padding)}`;
  const time = String(BEGIN + number * 1000);
  const line = JSON.stringify({
    __CURSOR: `s=5f;i=${Math.abs(number).toString(16)};b=e2;m=1;t=${time};x=7e`,
    __REALTIME_TIMESTAMP: time,
    SYSLOG_IDENTIFIER: "postfix/smtpd",
    MESSAGE: message,
  });
  return { message, line };
}

const SCRIPT = `#!/bin/sh
echo "$*" >>"$FAKE_JOURNAL.calls"
from=
for option; do
  case $option in
  --lines=1) exec tail -n 1 "$FAKE_JOURNAL" ;;
  --cursor=bad*) echo "Failed to seek to cursor: Invalid argument" >&2; exit 1 ;;
  --cursor=*) from=\${option#*;t=} from=\${from%%;*} ;;
  esac
done
[ -z "\${FAKE_FAILURE-}" ] || { echo "$FAKE_FAILURE" >&2; exit 1; }
awk -v from="$from" '{ time = $0; sub(/.*;t=/, "", time); sub(/;x=7e.*/, "", time); if (time + 0 >= from + 0) print }' "$FAKE_JOURNAL"
`;
