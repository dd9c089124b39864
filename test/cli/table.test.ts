import { Writable } from "node:stream";
import { expect, test } from "vitest";
import type { Terminal } from "../../cli/command.ts";
import { colourOfAction } from "../../cli/decisions.ts";
import { type Column, printRows } from "../../cli/table.ts";

const COLUMNS: Column<{ action: string; attempts: number }>[] = [
  { name: "action", value: ({ action }) => action, colour: colourOfAction },
  { name: "attempts", value: ({ attempts }) => attempts },
];
const ROWS = [
  { action: "ban", attempts: 12_345 },
  { action: "allow", attempts: 7 },
];

function printed(isTTY: boolean, env: Terminal["env"] = {}): string {
  return printedRows(COLUMNS, ROWS, isTTY, env);
}

function printedRows<Row>(
  columns: Column<Row>[],
  rows: Row[],
  isTTY = false,
  env: Terminal["env"] = {},
): string {
  let text = "";
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  printRows({ stdout: Object.assign(stdout, { isTTY }), env } as unknown as Terminal, "table", columns, rows);
  return text;
}

const PLAIN = "action  attempts\nban        12345\nallow          7\n";

test("columns line up, numbers to the right", () => {
  expect(printed(false)).toBe(PLAIN);
});

test("a terminal shows the words that matter in colour, as wide as without", () => {
  const text = printed(true);
  expect(text).toContain("\x1b[31mban   \x1b[0m");
  expect(text).toContain("\x1b[32mallow \x1b[0m");
  expect(text.replaceAll(/\x1b\[\d+m/g, "")).toBe(PLAIN);
});

test("what a log says is shown in one cell, however long it is and whatever it is made of", () => {
  const column = { name: "user", value: (user: string) => user };
  const last = { name: "n", value: (user: string) => user.length };
  const users = ["ann", "", "a\tb\x1b[2J\x9f", "é\u{1f600}", "x".repeat(60), "é".repeat(61)];
  expect(printedRows([column, last], users)).toBe(
    [
      `user${" ".repeat(58)} n`,
      `ann${" ".repeat(59)} 3`,
      `-${" ".repeat(61)} 0`,
      `a\\x09b\\x1b[2J\\x9f${" ".repeat(45)} 8`,
      `é\u{1f600}${" ".repeat(59)} 3`,
      `${"x".repeat(60)}  60`,
      `${"é".repeat(59)}…  61`,
      "",
    ].join("\n"),
  );
});

test("numbers are shown whole, be they counts or not", () => {
  const counts = [0, 9, 10, 99, 100, 999_999_999, 1_000_000_000, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53];
  const rows = [...counts, -0, -1, 0.5, Number.NaN].map((n) => ({ n }));
  const lines = printedRows([{ name: "n", value: ({ n }) => n }], rows).split("\n");
  expect(lines.slice(1)).toEqual([...rows.map(({ n }) => String(n).padStart(16)), ""]);
});

test("many rows line up, however many are written at a time", () => {
  const rows = Array.from({ length: 30_000 }, (_, n) => ({ action: "allow", attempts: n }));
  const lines = printedRows(COLUMNS, rows).split("\n");
  expect(lines.slice(1)).toEqual([...rows.map(({ attempts }) => `allow   ${`${attempts}`.padStart(8)}`), ""]);
});

test("NO_COLOR is heeded", () => {
  expect(printed(true, { NO_COLOR: "1" })).toBe(PLAIN);
});
