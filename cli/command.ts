import { parseArgs } from "node:util";

/** Where a command reads and writes; given by main, so that commands run in tests as they are. */
export interface Terminal {
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  env: Readonly<Record<string, string | undefined>>;
}

/** 0 done, 1 failed, 2 wrong use. */
export type ExitCode = 0 | 1 | 2;

export interface Option {
  /** What the value is called in the help; a switch has none. */
  value?: string;
  /** May the value be left out? It is the next word unless that starts with a dash. */
  optional?: boolean;
  default?: string;
  help: string;
}

export interface Command {
  name: string;
  /** How its operands are written: `PATH…`; "" where it has none. */
  operands: string;
  /** How many operands it takes, at least and at most. */
  count: [least: number, most: number];
  summary: string;
  /** What a user may need to know more, and examples; shown by --help. */
  details?: string;
  options: Record<string, Option>;
  run(given: Given, terminal: Terminal): Promise<ExitCode>;
}

/** Operands and options of a call. An option whose value was left out is "". */
export interface Given {
  operands: string[];
  options: Record<string, string | undefined>;
  switches: Set<string>;
}

/** The command was called wrongly: exit 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Something named could not be done; the message says what to do: exit 1. */
export class CommandError extends Error {
  override name = "CommandError";
}

// by name: a command that is bundled on its own has classes of its own
export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && error.name === "UsageError";
}

export function isCommandError(error: unknown): error is CommandError {
  return error instanceof Error && error.name === "CommandError";
}

export function parseCall(command: Command, words: string[]): Given {
  const { values, operands } = parsed(command, words);
  const [least, most] = command.count;
  if (operands.length < least) throw new UsageError(`${command.name} needs ${command.operands}`);
  if (operands.length > most) throw new UsageError(`too many words: ${operands.slice(most).join(" ")}`);
  const given: Given = { operands, options: {}, switches: new Set() };
  for (const [name, option] of Object.entries(command.options)) {
    const value = values[name];
    if (option.value === undefined) {
      if (value === true) given.switches.add(name);
    } else given.options[name] = typeof value === "string" ? value : option.default;
  }
  return given;
}

export function helpOf(command: Command): string {
  const usage = ["fleetban", command.name, command.operands, "[OPTION…]"].filter(Boolean).join(" ");
  const rows = Object.entries(command.options).map(([name, option]) => [
    flagOf(name, option),
    helpLine(option),
  ]);
  rows.push(["--help", "show this"]);
  const width = Math.max(...rows.map(([flag]) => flag!.length));
  const options = rows.map(([flag, help]) => `  ${flag!.padEnd(width)}  ${help}`).join("\n");
  const details = command.details === undefined ? "" : `\n${command.details.trim()}\n`;
  return `Usage: ${usage}\n\n${command.summary}\n${details}\nOptions:\n${options}\n`;
}

function parsed(command: Command, words: string[]) {
  const options: Record<string, { type: "string" | "boolean" }> = {};
  for (const [name, option] of Object.entries(command.options)) {
    options[name] = { type: option.value === undefined ? "boolean" : "string" };
  }
  try {
    const args = withOptionalValues(command, words);
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
    return { values: values as Record<string, string | boolean | undefined>, operands: positionals };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new UsageError(text.split(". ")[0]!.replace(/^\w/, (letter) => letter.toLowerCase()));
  }
}

/** parseArgs knows no optional values: `--local DIR` becomes `--local=DIR`, `--local` alone `--local=`. */
function withOptionalValues(command: Command, words: string[]): string[] {
  const args: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === "--") return [...args, ...words.slice(index)];
    if (word.startsWith("--") && command.options[word.slice(2)]?.optional) {
      const next = words[index + 1];
      const has = next !== undefined && !next.startsWith("-");
      args.push(`${word}=${has ? next : ""}`);
      if (has) index++;
    } else args.push(word);
  }
  return args;
}

function flagOf(name: string, option: Option): string {
  if (option.value === undefined) return `--${name}`;
  return option.optional ? `--${name} [${option.value}]` : `--${name} ${option.value}`;
}

function helpLine(option: Option): string {
  return option.default === undefined || option.default === ""
    ? option.help
    : `${option.help} (default: ${option.default})`;
}
