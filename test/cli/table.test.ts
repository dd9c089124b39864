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
  let text = "";
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  printRows({ stdout: Object.assign(stdout, { isTTY }), env } as unknown as Terminal, "table", COLUMNS, ROWS);
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

test("NO_COLOR is heeded", () => {
  expect(printed(true, { NO_COLOR: "1" })).toBe(PLAIN);
});
