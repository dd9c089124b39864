import { join } from "node:path";
import { expect, test } from "vitest";
import { type Generated, generateLog } from "../../bench/generate.ts";
import { logsIn, makeLogs } from "../../bench/make-log.ts";
import { temporaryFolder } from "../cli/folder.ts";
import { rowsOf, run } from "../cli/run.ts";

const LINES = 6_000;

test.each(["traditional", "rfc3339"] as const)(
  "what scan counts in a %s log is what was written",
  async (form) => {
    const log = join(await temporaryFolder(), "maillog");
    const generated = await generateLog(log, { lines: LINES, seed: 7, form });
    expect(await scan(log)).toEqual(truth(generated));
  },
);

test("16 % of the lines tell of failures, 17 % of logins, and each is read", async () => {
  const log = join(await temporaryFolder(), "maillog");
  const { lines, bytes, failures, successes } = await generateLog(log, { lines: LINES, seed: 8 });
  expect(lines).toBe(LINES);
  expect(failures / lines).toBeCloseTo(0.16, 2);
  expect(successes / lines).toBeCloseTo(0.17, 2);
  expect(bytes / lines).toBeCloseTo(152, -1);
  const { stdout } = await run(["scan", log, "--format", "events"]);
  const events = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const told = (outcome: string) =>
    events.filter((event) => event.outcome === outcome && event.kind === "auth" && event.evidence === "login")
      .length;
  expect([told("failure"), told("success")]).toEqual([failures, successes]);
});

test("eight packed parts hold what the whole log holds, and the same seed makes the same log", async () => {
  const folder = await temporaryFolder();
  const generated = await makeLogs(folder, { lines: LINES, seed: 9 });
  expect(await scan(...logsIn(folder).parts)).toEqual(truth(generated));
  expect(await scan(logsIn(folder).packed)).toEqual(truth(generated));
  const again = await generateLog(join(folder, "again"), { lines: LINES, seed: 9 });
  expect(again).toEqual(generated);
});

/** Attempts and successes of each address that tried or succeeded. */
async function scan(...logs: string[]): Promise<string[]> {
  const { stdout } = await run(["scan", ...logs, "--format", "tsv", "--time-zone", "UTC"]);
  return rowsOf(stdout)
    .map(({ ip, attempts, successes }) => `${ip} ${attempts} ${successes}`)
    .filter((row) => !row.endsWith(" 0 0"))
    .sort();
}

function truth({ byAddress }: Generated): string[] {
  return [...byAddress].map(([ip, { attempts, successes }]) => `${ip} ${attempts} ${successes}`).sort();
}
