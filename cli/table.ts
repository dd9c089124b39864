import { type Terminal, UsageError } from "./command.ts";

/** What a cell may hold; an empty list, "" and undefined are shown as `-`. */
export type Value = string | number | readonly string[] | undefined;

export interface Column<Row> {
  name: string;
  value: (row: Row) => Value;
  /** Colour of a cell's text on a terminal, as an SGR code. */
  colour?: (text: string) => number | undefined;
}

export const FORMATS = ["table", "tsv", "csv", "json"] as const;
export type Format = (typeof FORMATS)[number];

export function formatOf(text: string | undefined): Format {
  const format = FORMATS.find((known) => known === (text ?? "table"));
  if (format === undefined)
    throw new UsageError(`--format ${text}: no such format; there are ${FORMATS.join(", ")}`);
  return format;
}

/** Prints rows as `format` says: `tsv`, `csv` and `json` are stable, `table` is for people. */
export function printRows<Row>(
  terminal: Terminal,
  format: Format,
  columns: Column<Row>[],
  rows: readonly Row[],
): void {
  const print = { table: printTable, tsv: printTsv, csv: printCsv, json: printJson }[format];
  print(terminal, columns, rows);
}

function printTsv<Row>({ stdout }: Terminal, columns: Column<Row>[], rows: readonly Row[]): void {
  const lines = rows.values().map((row) => columns.map((column) => text(column.value(row))).join("\t"));
  writeLines(stdout, columns.map((column) => column.name).join("\t"), lines);
}

/** RFC 4180, with LF line ends. */
function printCsv<Row>({ stdout }: Terminal, columns: Column<Row>[], rows: readonly Row[]): void {
  const quoted = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = rows
    .values()
    .map((row) => columns.map((column) => quoted(text(column.value(row)))).join(","));
  writeLines(stdout, columns.map((column) => quoted(column.name)).join(","), lines);
}

/** An array of objects, one a line; empty values are null. */
function printJson<Row>({ stdout }: Terminal, columns: Column<Row>[], rows: readonly Row[]): void {
  const object = (row: Row) =>
    JSON.stringify(Object.fromEntries(columns.map((column) => [column.name, column.value(row) ?? null])));
  stdout.write(rows.length === 0 ? "[]\n" : `[\n${rows.map(object).join(",\n")}\n]\n`);
}

function printTable<Row>(terminal: Terminal, columns: Column<Row>[], rows: readonly Row[]): void {
  const widths = columns.map(({ name }) => name.length);
  // one text a row: a million rows of many would take a gigabyte
  const texts = rows.map((row) => {
    const cells = columns.map((column) => shortened(text(column.value(row))));
    cells.forEach((cell, at) => {
      widths[at] = Math.max(widths[at]!, cell.length);
    });
    return cells.join(BETWEEN);
  });
  const right = columns.map((column) => rows.length > 0 && typeof column.value(rows[0]!) === "number");
  const padded = (words: string[]) =>
    words.map((word, at) => (right[at] ? word.padStart(widths[at]!) : word.padEnd(widths[at]!)));
  const line = (words: string[]) => words.join("  ").trimEnd();
  const colours = useColours(terminal);
  const names = padded(columns.map((column) => column.name));
  const head = line(colours ? names.map((name) => painted(name, BOLD)) : names);
  const lines = texts.values().map((row) => {
    const cells = row.split(BETWEEN);
    const words = padded(cells);
    return line(
      colours ? words.map((word, at) => paintedAs(word, columns[at]!.colour?.(cells[at]!))) : words,
    );
  });
  writeLines(terminal.stdout, head, lines);
}

/** Stands in no cell. */
const BETWEEN = "\t";

/** Writes whole lines, many at a time: each writing is a call of the system. */
function writeLines(stdout: Terminal["stdout"], head: string, lines: Iterable<string>): void {
  let waiting = `${head}\n`;
  for (const line of lines) {
    waiting += `${line}\n`;
    if (waiting.length < MANY) continue;
    stdout.write(waiting);
    waiting = "";
  }
  if (waiting !== "") stdout.write(waiting);
}

const MANY = 2 ** 16;

const BOLD = 1;
export const RED = 31;
export const GREEN = 32;
export const YELLOW = 33;
export const BLUE = 34;

function painted(word: string, colour: number): string {
  return `\x1b[${colour}m${word}\x1b[0m`;
}

function paintedAs(word: string, colour: number | undefined): string {
  return colour === undefined ? word : painted(word, colour);
}

/** https://no-color.org */
function useColours({ stdout, env }: Terminal): boolean {
  return stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
}

function text(value: Value): string {
  if (typeof value === "number") return String(value);
  const plain = typeof value === "object" ? value.map(printable).join(",") : printable(value ?? "");
  return plain === "" ? "-" : plain;
}

/** A log's text may hold anything; what would move the cursor or split a row is shown as `\xNN`. */
function printable(value: string): string {
  return value.replace(
    /[\x00-\x1f\x7f-\x9f]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

const LONGEST = 60;

function shortened(value: string): string {
  return value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value;
}
