/** `scan` against the readers of fail2ban and sshguard, in lines a second; from Debian's packages fail2ban and sshguard. */
import { join } from "node:path";
import { shell } from "./compare.ts";
import { type Duel, fight } from "./figures.ts";
import { RUNS, withLogs } from "./logs.ts";
import { scanOf } from "./scan.bench.ts";

const SSHGUARD = "/usr/libexec/sshguard/sshg-parser";
const FILTERS = ["dovecot", "postfix[mode=auth]"];
/** fail2ban-regex would need minutes for the whole log. */
const CUT = 100_000;

export async function run(): Promise<void> {
  await withLogs(async ({ plain, lines }) => {
    const cut = join(plain, "..", "cut");
    await shell(`head -n ${CUT} ${plain} >${cut}`);
    const sshguard = { name: "sshguard's parser", command: `${SSHGUARD} <${plain}`, lines };
    const duels: Duel[] = [
      ...FILTERS.map((filter) => fail2ban(filter, cut, Math.min(CUT, lines))),
      { what: sshguard.name, other: sshguard, needs: [SSHGUARD], wanted: { timesAsFast: 4 } },
    ];
    await fight("the plain file", scanOf([plain], lines), duels, RUNS);
  });
}

function fail2ban(filter: string, log: string, lines: number): Duel {
  const name = `fail2ban-regex with ${filter}`;
  const other = { name, command: `fail2ban-regex ${log} '${filter}'`, lines };
  return { what: name, other, needs: ["fail2ban-regex"], wanted: { timesAsFast: 60 } };
}
