import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../cli/run.ts";

const CLI = join(import.meta.dirname, "../../dist/fleetban.js");

/** `scan` is bundled on its own, the others share files: an error of its is of another class there. */
test.each([
  [["scan", "samples", "--format", "tsv"], 0],
  [["scan"], 2],
  [["scan", "samples", "--at", "yesterday"], 2],
  [["scan", "samples", "--list", "xml"], 2],
  [["scan", "samples/none"], 1],
  [["scan", "samples", "--policy", "samples/none"], 1],
  [["totals", "--by", "colour"], 2],
])("what is built says what its sources say: %j", async (words, code) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], { encoding: "utf8" });
  expect({ code: status, stdout, stderr }).toEqual(await run(words));
  expect(status).toBe(code);
});
