import { type Terminal, UsageError } from "./command.ts";
import { printable, TableCells } from "./table-cells.ts";

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
  const names = columns.map(({ name }) => name);
  const cells = new TableCells(names);
  const shown: (string | number)[] = names.slice();
  for (const row of rows) {
    for (let at = 0; at < columns.length; at++) {
      const value = columns[at]!.value(row);
      shown[at] = typeof value === "number" ? value : plain(value);
    }
    cells.addRow(shown);
  }
  const isNumber = (column: Column<Row>) => rows.length > 0 && typeof column.value(rows[0]!) === "number";
  const colours = useColours(terminal);
  const looks = columns.map((column) => ({
    right: isNumber(column),
    colour: colours ? column.colour : undefined,
  }));
  const head = names.map((name, at) => {
    const width = cells.widths[at]!;
    const word = looks[at]!.right ? name.padStart(width) : name.padEnd(width);
    return colours ? painted(word, BOLD) : word;
  });
  terminal.stdout.write(`${head.join("  ").trimEnd()}\n`);
  for (const lines of cells.lines(looks)) terminal.stdout.write(lines);
}

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

/** https://no-color.org */
function useColours({ stdout, env }: Terminal): boolean {
  return stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
}

function text(value: Value): string {
  return typeof value === "number" ? String(value) : printable(plain(value));
}

/** May hold anything. */
function plain(value: Exclude<Value, number>): string {
  const words = typeof value === "object" ? value.join(",") : (value ?? "");
  return words === "" ? "-" : words;
}
