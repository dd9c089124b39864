import { type Terminal, UsageError } from "./command.ts";

/** What a cell may hold; an empty list, "" and undefined are shown as `-`. */
export type Value = string | number | readonly string[] | undefined;

export interface Column<Row> {
  name: string;
  value: (row: Row) => Value;
  /** Colour on a terminal, as an SGR code. */
  colour?: (row: Row) => number | undefined;
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
  stdout.write(`${columns.map((column) => column.name).join("\t")}\n`);
  for (const row of rows) stdout.write(`${columns.map((column) => text(column.value(row))).join("\t")}\n`);
}

/** RFC 4180, with LF line ends. */
function printCsv<Row>({ stdout }: Terminal, columns: Column<Row>[], rows: readonly Row[]): void {
  const quoted = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  stdout.write(`${columns.map((column) => quoted(column.name)).join(",")}\n`);
  for (const row of rows)
    stdout.write(`${columns.map((column) => quoted(text(column.value(row)))).join(",")}\n`);
}

/** An array of objects, one a line; empty values are null. */
function printJson<Row>({ stdout }: Terminal, columns: Column<Row>[], rows: readonly Row[]): void {
  const object = (row: Row) =>
    JSON.stringify(Object.fromEntries(columns.map((column) => [column.name, column.value(row) ?? null])));
  stdout.write(rows.length === 0 ? "[]\n" : `[\n${rows.map(object).join(",\n")}\n]\n`);
}

function printTable<Row>(terminal: Terminal, columns: Column<Row>[], rows: readonly Row[]): void {
  const cells = rows.map((row) => columns.map((column) => shortened(text(column.value(row)))));
  const widths = columns.map((column, at) =>
    cells.reduce((most, row) => Math.max(most, row[at]!.length), column.name.length),
  );
  const right = columns.map((column) => rows.length > 0 && typeof column.value(rows[0]!) === "number");
  const line = (words: string[], paint: (word: string, at: number) => string) =>
    words
      .map((word, at) => paint(right[at] ? word.padStart(widths[at]!) : word.padEnd(widths[at]!), at))
      .join("  ")
      .trimEnd();
  const colours = useColours(terminal);
  terminal.stdout.write(
    `${line(
      columns.map((c) => c.name),
      (word) => (colours ? painted(word, BOLD) : word),
    )}\n`,
  );
  for (const [index, words] of cells.entries()) {
    const paint = (word: string, at: number) => {
      const colour = colours ? columns[at]!.colour?.(rows[index]!) : undefined;
      return colour === undefined ? word : painted(word, colour);
    };
    terminal.stdout.write(`${line(words, paint)}\n`);
  }
}

const BOLD = 1;
export const RED = 31;
export const GREEN = 32;
export const YELLOW = 33;
export const BLUE = 34;

function painted(word: string, colour: number): string {
  return `\x1b[${colour}m${word}\x1b[0m`;
}

/** https://no-color.org */
function useColours({ stdout, env }: Terminal): boolean {
  return stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
}

function text(value: Value): string {
  const plain = typeof value === "object" ? value.map(printable).join(",") : printable(String(value ?? ""));
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
