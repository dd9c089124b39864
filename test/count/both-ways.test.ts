import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pick, randomFrom } from "../e2e/hostile.ts";
import { oddLine } from "../parse/odd-lines.ts";
import { caseOf, countedAlone, countedInBlocks } from "./both-ways.ts";

const samples = ["mx1/maillog", "mx2/mail.log", "mx3/mail.log"].flatMap((path) =>
  readFileSync(new URL(`../../samples/${path}`, import.meta.url), "latin1")
    .split("\n")
    .map((line) => Buffer.from(line, "latin1")),
);

test("a log counts the same, read in blocks by turns with others or line by line", async () => {
  const random = randomFrom(20_261_130);
  let told = 0;
  for (let round = 0; round < 25; round++) {
    const logs = ([3, 300, 600] as const).map((length) => {
      const form = pick(random, ["traditional", "iso"] as const);
      return caseOf(
        random,
        Array.from({ length }, () => oddLine(random, form, form === "iso" ? samples : [])),
      );
    });
    const counted = await Promise.all(logs.map((log) => countedInBlocks(log, random)));
    for (const [index, log] of logs.entries()) {
      expect(counted[index]).toEqual(countedAlone(log));
      told += counted[index]!.tallies.reduce((sum, { events }) => sum + events, 0);
    }
  }
  expect(told).toBeGreaterThan(3_000);
});
