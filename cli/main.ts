import {
  type Command,
  type ExitCode,
  helpOf,
  isCommandError,
  isUsageError,
  parseCall,
  type Terminal,
  UsageError,
} from "./command.ts";

/** Each command in its own file, loaded when called. */
const COMMANDS: Record<string, { summary: string; load: () => Promise<Command> }> = {
  scan: { summary: "read logs here, no servers", load: async () => (await import("./scan.ts")).scan },
  local: {
    summary: "the whole system on this machine",
    load: async () => (await import("./local.ts")).local,
  },
  totals: { summary: "attempts over the fleet", load: async () => (await import("./totals.ts")).totals },
  explain: {
    summary: "why an address is banned, or not",
    load: async () => (await import("./explain.ts")).explain,
  },
  blocklist: {
    summary: "the list as published",
    load: async () => (await import("./blocklist.ts")).blocklist,
  },
  host: {
    summary: "let a host ship and fetch",
    load: async () => (await import("./host.ts")).host,
  },
  fleet: { summary: "the hosts, and what is missing", load: async () => (await import("./fleet.ts")).fleet },
  replay: { summary: "count stored logs again", load: async () => (await import("./replay.ts")).replay },
  verify: {
    summary: "compare counters with the stored logs",
    load: async () => (await import("./verify.ts")).verify,
  },
  policy: {
    summary: "show, check and change the policy",
    load: async () => (await import("./policy.ts")).policy,
  },
  compare: {
    summary: "another policy over the history",
    load: async () => (await import("./compare.ts")).compare,
  },
  lists: { summary: "allow and block lists of others", load: async () => (await import("./lists.ts")).lists },
  unban: { summary: "take an address off everywhere", load: async () => (await import("./unban.ts")).unban },
  pause: { summary: "stop publishing for a while", load: async () => (await import("./pause.ts")).pause },
  publish: { summary: "decide and publish now", load: async () => (await import("./publish.ts")).publish },
};

/** Runs one call. Results go to stdout; messages and progress to stderr. */
export async function main(words: string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = words;
  if (name === undefined || name === "--help" || name === "help") {
    terminal.stdout.write(overview());
    return name === undefined ? 2 : 0;
  }
  try {
    const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (entry === undefined)
      throw new UsageError(`no command ${name}; there are ${Object.keys(COMMANDS).join(", ")}`);
    const command = await entry.load();
    if (rest.includes("--help")) {
      terminal.stdout.write(helpOf(command));
      return 0;
    }
    return await command.run(parseCall(command, rest), terminal);
  } catch (error) {
    return report(error, name, terminal);
  }
}

function report(error: unknown, name: string, { stderr, env }: Terminal): ExitCode {
  if (isUsageError(error)) {
    stderr.write(
      `fleetban: ${error.message}\nTry: fleetban ${Object.hasOwn(COMMANDS, name) ? `${name} ` : ""}--help\n`,
    );
    return 2;
  }
  const text = error instanceof Error ? error.message || error.name : String(error);
  stderr.write(`fleetban: ${text}\n`);
  if (env.FLEETBAN_DEBUG && error instanceof Error) stderr.write(`${error.stack}\n`);
  else if (!isCommandError(error) && error instanceof Error && error.cause instanceof Error) {
    stderr.write(`  because: ${error.cause.message}\n`);
  }
  return 1;
}

function overview(): string {
  const rows = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return `Usage: fleetban COMMAND [OPTION…]\n\nCounts failed mail logins over a fleet and bans who keeps trying.\n\nCommands:\n${rows.join("\n")}\n\nfleetban COMMAND --help tells more.\n`;
}
