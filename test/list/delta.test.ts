import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { applyDelta, BadDelta, deltaName, deltaOf, oldFolderOf } from "../../functions/list/delta.ts";

/** Lists as blocklist.tsv, in order, of a few networks with a few ends, so that pairs have much in common. */
const list = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 3 })), { maxLength: 30 })
  .map((pairs) => [...new Map(pairs)].sort(([a], [b]) => a - b))
  .map((pairs) => pairs.map(([n, until]) => `192.0.2.${n}\t${until}\n`).join(""));

describe("a delta", () => {
  test("keeps runs, leaves lines out, and brings new ones", () => {
    const old = "192.0.2.1\t5\n192.0.2.2\t5\n192.0.2.3\t5\n192.0.2.4\t5\n192.0.2.9\t5\n";
    const next = "192.0.2.1\t5\n192.0.2.2\t9\n192.0.2.3\t5\n192.0.2.5\t5\n192.0.2.9\t5\n2001:db8::1\t7\n";
    const delta = deltaOf(old, next);
    expect(delta.split("\n")).toEqual([
      "=1",
      "192.0.2.2\t9",
      "-1",
      "=1",
      "192.0.2.5\t5",
      "-1",
      "=1",
      "2001:db8::1\t7",
      "",
    ]);
    expect(applyDelta(old, delta)).toBe(next);
  });

  test("makes any list of any other", () => {
    fc.assert(
      fc.property(list, list, (old, next) => {
        expect(applyDelta(old, deltaOf(old, next))).toBe(next);
      }),
    );
  });

  test("of a large list with few changes is small", () => {
    const lines = Array.from(
      { length: 100_000 },
      (_, n) => `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}\t1795500000\n`,
    );
    const changed = lines
      .filter((_, n) => n % 1000 !== 0)
      .map((line, n) => (n % 1000 === 7 ? `${line.slice(0, -2)}1\n` : line));
    const delta = deltaOf(lines.join(""), changed.join(""));
    expect(applyDelta(lines.join(""), delta)).toBe(changed.join(""));
    expect(delta.length).toBeLessThan(5000);
  });

  test.each([
    ["more lines than there are", "=3\n"],
    ["more to leave out than there is", "=2\n-1\n"],
    ["a command", "$(reboot)\n"],
    ["a sign without number", "=\n"],
    ["a number of another kind", "=1e9\n"],
    ["nothing", "=0\n"],
    ["an empty line", "\n\n"],
  ])("that wants %s is refused", (_, delta) => {
    expect(() => applyDelta("192.0.2.1\t5\n192.0.2.2\t5\n", delta)).toThrow(BadDelta);
  });

  test("is named after the list that it starts from", () => {
    const folder = "blocklist/1764000000-0123456789abcdef";
    expect(deltaName(folder)).toBe("from-1764000000-0123456789abcdef.tsv");
    expect(oldFolderOf(deltaName(folder))).toBe(folder);
    for (const other of ["plain.txt", "from-1-0123456789abcdeg.tsv", "from-1-0123456789abcdef.tsv.tsv"])
      expect(oldFolderOf(other)).toBeUndefined();
  });
});

/** The program in docs/blocklist.md, which any awk runs. */
const APPLY = `
  /^[=-][0-9]+$/ {
    for (n = substr($0, 2); n > 0; n--) {
      if ((getline line < old) <= 0) exit 1
      if (/^=/) print line
    }
    next
  }
  { print }`;

describe.each([["mawk"], ["busybox", "awk"], ["awk"]])("applied by %s %s", (...command) => {
  const dir = mkdtempSync(join(tmpdir(), "fleetban-delta-"));
  afterAll(() => rmSync(dir, { recursive: true }));

  test("a delta gives the new list", ({ skip }) => {
    const [program, ...args] = command;
    if (spawnSync(program!, [...args, "BEGIN {}"]).error) skip(`no ${program} on this machine`);
    for (const [old, next] of fc.sample(fc.tuple(list, list), { numRuns: 20, seed: 6 })) {
      writeFileSync(join(dir, "old"), old);
      const { stdout, status } = spawnSync(program!, [...args, "-v", `old=${join(dir, "old")}`, APPLY], {
        input: deltaOf(old, next),
        encoding: "utf8",
      });
      expect({ status, stdout }).toEqual({ status: 0, stdout: next });
    }
  });
});
