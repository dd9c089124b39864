import type { Alert } from "../functions/decide/alert.ts";
import type { PublishResult } from "../functions/publish.ts";
import type { ExitCode, Terminal } from "./command.ts";
import { iso } from "./time.ts";

/** One line on what was published, and on stderr what somebody should look at. 1 where the guard refuses a part. */
export function printPublished(terminal: Terminal, result: PublishResult): ExitCode {
  const { serial, networks, expires, folder } = result.manifest;
  const what = result.changed ? "published" : "unchanged";
  terminal.stdout.write(
    `${what}: serial ${serial}, ${networks} networks, until ${iso(expires)}, ${folder}/\n`,
  );
  return warnOf(terminal, result);
}

/** What somebody should look at, a line each, on stderr. */
export function warnOf(terminal: Terminal, { alerts, refusal, pause, retention }: PublishResult): ExitCode {
  const { stderr } = terminal;
  printAlerts(terminal, alerts);
  if (retention !== undefined) stderr.write(`fleetban: ${retention}\n`);
  if (pause !== undefined)
    stderr.write(`paused by ${pause.by} until ${iso(pause.until)}: ${pause.reason}; fleetban pause --end\n`);
  if (refusal === undefined) return 0;
  for (const reason of refusal.reasons) stderr.write(`fleetban: the guard: ${reason}\n`);
  if (refusal.withheld > 0)
    stderr.write(`  withheld: ${refusal.withheld}, first ${refusal.worst.join(", ")}\n`);
  if (refusal.held > 0) stderr.write(`  kept: ${refusal.held}, first ${refusal.dropped.join(", ")}\n`);
  stderr.write("  look at explain for some of them, then fleetban publish --accept takes all\n");
  return 1;
}

const MOST_ALERTS = 20;

export function printAlerts({ stderr }: Terminal, alerts: readonly Alert[]): void {
  for (const { kind, network, users, hosts, at, reason } of alerts.slice(0, MOST_ALERTS)) {
    const who = kind === "guessed" ? `, user ${users.join(", ") || "unknown"} at ${hosts.join(", ")}` : "";
    stderr.write(`alert: ${TITLES[kind]}: ${network}${who}, ${iso(at)}: ${reason}\n`);
  }
  const more = alerts.length - MOST_ALERTS;
  if (more > 0) stderr.write(`and ${more} more alerts\n`);
}

const TITLES: Record<Alert["kind"], string> = {
  guessed: "a password was guessed",
  shared: "attacks from a shared address",
  otherHost: "only one host tells of attacks",
};
