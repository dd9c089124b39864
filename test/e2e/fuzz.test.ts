import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createLineParser } from "../../functions/parse/line.ts";
import { caseOf, countedAlone, countedInBlocks } from "../count/both-ways.ts";
import { oddLine } from "../parse/odd-lines.ts";
import { CLIENT, hostileLine, mutate, pick, randomFrom, templates } from "./hostile.ts";

const SEED = Number(process.env.FUZZ_SEED ?? 20_261_124);
const LINES = Number(process.env.FUZZ_LINES ?? 600_000);
const parser = () =>
  createLineParser({ logTime: Date.parse("2026-11-24T12:00:00Z") / 1000, zone: { offset: 0 } });

console.warn(`fuzzing ${3 * LINES} lines with seed ${SEED} (FUZZ_SEED, FUZZ_LINES)`);

test("nothing that a client types puts another address into an event", () => {
  const random = randomFrom(SEED);
  let events = 0;
  const wrong: string[] = [];
  let reader = parser();
  for (let i = 0; i < LINES && wrong.length < 10; i++) {
    // One parser for each few lines: what one of them leaves behind must not matter to the next
    if (i % 200 === 0) reader = parser();
    const line = Buffer.from(hostileLine(random));
    const event = reader.parse(line, 0, line.length);
    if (event === undefined) continue;
    events++;
    if (event.ip !== CLIENT) wrong.push(`${event.ip}: ${line}`);
  }
  expect(wrong).toEqual([]);
  expect(events).toBeGreaterThan(LINES / 2);
}, 600_000);

test("mutated and spliced lines of all kinds are read without an error", () => {
  const random = randomFrom(SEED + 1);
  const lines = seeds();
  let reader = parser();
  for (let i = 0; i < LINES; i++) {
    if (i % 200 === 0) reader = parser();
    const line = mutate(random, pick(random, lines), pick(random, lines));
    const event = reader.parse(line, 0, line.length);
    if (event !== undefined) expect(event.at).toBeLessThan(Date.parse("2026-11-25T12:00:01Z") / 1000);
  }
}, 600_000);

test("logs count the same, read in blocks by turns with others or line by line", async () => {
  const random = randomFrom(SEED + 2);
  const real = seeds();
  let read = 0;
  while (read < LINES) {
    const logs = Array.from({ length: 3 }, () => {
      const form = pick(random, ["traditional", "iso"] as const);
      const length = 3 + Math.floor(random() * 3000);
      return caseOf(
        random,
        Array.from({ length }, () => oddLine(random, form, real)),
      );
    });
    const counted = await Promise.all(logs.map((log) => countedInBlocks(log, random)));
    for (const [index, log] of logs.entries()) {
      expect(counted[index]).toEqual(countedAlone(log));
      read += log.lines.length;
    }
  }
}, 600_000);

test.each(templates.map(({ line }) => line))("time is linear in the length: %s", (line) => {
  for (const piece of [
    ", rip=192.0.2.1, lip=",
    " (auth failed, 1 attempts",
    ") [192.0.2.1]: 535 ",
    "[1.",
    ">",
    "a",
    ", user=x, relay=",
    " from 1.2.3.4. ",
  ]) {
    const short = fastest(line.replaceAll("¤", piece.repeat(4000 / piece.length)));
    const long = fastest(line.replaceAll("¤", piece.repeat(64_000 / piece.length)));
    // Sixteen times as long; a quadratic matcher would take 256 times. What takes no time at all cannot be compared
    if (long > 2) expect(long / short).toBeLessThan(80);
  }
});

/** Milliseconds of the fastest of a few readings. */
function fastest(text: string): number {
  const line = Buffer.from(text);
  const times = Array.from({ length: 5 }, () => {
    const reader = parser();
    const began = performance.now();
    reader.parse(line, 0, line.length);
    return performance.now() - began;
  });
  return Math.min(...times);
}

/** Lines of every daemon: our own, the recorded ones and other projects' where they are here. */
function seeds(): Buffer[] {
  const shared = new URL("../../../shared/corpus/", import.meta.url);
  const lines = templates.map(({ line }) => line);
  if (existsSync(new URL("peers-dev.jsonl", shared))) {
    const cases = readFileSync(new URL("peers-dev.jsonl", shared), "utf8").trimEnd().split("\n");
    lines.push(...cases.flatMap((one) => (JSON.parse(one) as { lines: string[] }).lines));
    for (const run of readdirSync(new URL("recorded/", shared)).filter((name) => !name.includes("."))) {
      for (const log of readdirSync(new URL(`recorded/${run}/`, shared)).filter(
        (name) => !/tsv|txt/.test(name),
      )) {
        lines.push(
          ...readFileSync(new URL(`recorded/${run}/${log}`, shared), "latin1")
            .split("\n")
            .slice(0, 200),
        );
      }
    }
  } else console.warn("skipped: the corpus is not beside this checkout; fuzzing our own lines only");
  return lines.map((line) => Buffer.from(line, "latin1"));
}
