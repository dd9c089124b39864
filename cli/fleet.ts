import { fleetHealth, type HostHealth } from "../functions/report/fleet.ts";
import { hiddenAddressWarning } from "../functions/report/hidden-address.ts";
import { hiddenHosts } from "../functions/report/hidden-hosts.ts";
import { openStore } from "../functions/store/store.ts";
import type { Command } from "./command.ts";
import { deadLetters } from "./dead-letters.ts";
import { SYSTEM_OPTIONS, withSystem } from "./system.ts";
import { type Column, FORMATS, formatOf, printRows, RED, YELLOW } from "./table.ts";
import { iso } from "./time.ts";

const { at: _at, ...SYSTEM } = SYSTEM_OPTIONS;

export const fleet: Command = {
  name: "fleet",
  operands: "",
  count: [0, 0],
  summary: "The hosts: when each last shipped, and what of its logs is missing or could not be read.",
  details: `lag: seconds from the newest event until it was counted. gaps, missing: holes in its logs, and their bytes.
conflicts: objects that do not continue the log they say. failed: objects that are no log. partial: ranges that
only a damaged object has. begun: ranges that are being counted now. unread: lines that look like a login and
are of no known form. dead: objects that could not be counted after all tries.`,
  options: {
    format: { value: "FORMAT", default: "table", help: FORMATS.join(", ") },
    ...SYSTEM,
  },
  async run(given, terminal) {
    const format = formatOf(given.options.format);
    return await withSystem(given, terminal, async ({ deployment, now }) => {
      const dead = await deadLetters(deployment, given.options.local);
      const hosts = await fleetHealth(openStore(deployment).table, now);
      const silent = [...dead.keys()].filter((host) => !hosts.some((known) => known.host === host));
      const rows = [
        ...hosts.map((health) => ({ ...health, dead: dead.get(health.host) ?? 0 })),
        ...silent.map((host) => ({ ...NOTHING, host, dead: dead.get(host) ?? 0 })),
      ];
      printRows(terminal, format, COLUMNS, rows);
      for (const [host, hidden] of await hiddenHosts(openStore(deployment).table, now)) {
        terminal.stderr.write(`fleetban: ${host}: ${hiddenAddressWarning(hidden, ["dovecot", "postfix"])}\n`);
      }
      return 0;
    });
  },
};

type Row = Omit<HostHealth, "shipped"> & { shipped: number | undefined; dead: number };

/** A host of which nothing has ever been counted. */
const NOTHING: Omit<Row, "host" | "dead"> = {
  shipped: undefined,
  newest: undefined,
  lag: undefined,
  gaps: 0,
  missing: 0,
  conflicts: 0,
  failed: 0,
  partial: 0,
  begun: 0,
  unread: 0,
};

const troubled = (count: string) => (count === "0" ? undefined : RED);
const doubtful = (count: string) => (count === "0" ? undefined : YELLOW);

const COLUMNS: Column<Row>[] = [
  { name: "host", value: (row) => row.host },
  { name: "shipped", value: (row) => iso(row.shipped) },
  { name: "newest", value: (row) => iso(row.newest) },
  { name: "lag", value: (row) => row.lag },
  { name: "gaps", value: (row) => row.gaps, colour: troubled },
  { name: "missing", value: (row) => row.missing },
  { name: "conflicts", value: (row) => row.conflicts, colour: troubled },
  { name: "failed", value: (row) => row.failed, colour: troubled },
  { name: "partial", value: (row) => row.partial, colour: doubtful },
  { name: "begun", value: (row) => row.begun },
  { name: "unread", value: (row) => row.unread, colour: doubtful },
  { name: "dead", value: (row) => row.dead, colour: troubled },
];
