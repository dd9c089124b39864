import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { createLineParser } from "../../functions/parse/line.ts";

const FILE = new URL("../../../shared/corpus/peers-dev.jsonl", import.meta.url);
const here = existsSync(FILE);
if (!here) console.warn("skipped: the corpus of other projects' tests is not beside this checkout");

interface Case {
  id: string;
  lines: string[];
  match: boolean;
  ip: string | null;
  class: string;
  header?: boolean;
  kind: string;
  expect?: Record<string, number>;
}

/** Cases in which we differ, and why. */
const DEVIATIONS: Readonly<Record<string, string>> = {
  // "Connection lost to authentication server": nobody judged the password; postfix's filter of the same peer excludes it
  "fail2ban/assp/44": "trouble of the host's own",
};

const cases: Case[] = here
  ? readFileSync(FILE, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];

function eventsOf({ lines }: Case): LoginEvent[] {
  const parser = createLineParser({
    logTime: Date.parse("2026-11-24T12:00:00Z") / 1000,
    zone: { offset: 0 },
  });
  return lines.flatMap((line) => {
    const bytes = Buffer.from(line);
    return parser.parse(bytes, 0, bytes.length) ?? [];
  });
}

/** One line per case that is not as the corpus has it. */
function deviations(chosen: readonly Case[], isRight: (events: LoginEvent[], of: Case) => boolean): string[] {
  return chosen.filter((of) => !(of.id in DEVIATIONS) && !isRight(eventsOf(of), of)).map(({ id }) => id);
}

const failed = ({ outcome, kind }: LoginEvent) => outcome === "failure" && kind === "auth";

describe.skipIf(!here)("the corpus", () => {
  test("failed logins are found, with the right address", () => {
    const chosen = cases.filter(
      (of) => of.class === "auth-failure" && of.match && of.header !== false && of.ip !== null,
    );
    expect(chosen.length).toBeGreaterThan(100);
    expect(
      deviations(chosen, (events, { ip }) => events.some((event) => failed(event) && event.ip === ip)),
    ).toEqual([]);
  });

  test("no other address is found in any case", () => {
    const chosen = cases.filter(
      (of) => of.class === "auth-failure" && of.match && of.ip !== null && of.kind === "line",
    );
    expect(deviations(chosen, (events, { ip }) => events.every((event) => event.ip === ip))).toEqual([]);
  });

  test("nothing that is no failed login counts as one", () => {
    const chosen = cases.filter((of) => !of.match);
    expect(chosen.length).toBeGreaterThan(80);
    expect(deviations(chosen, (events) => !events.some(failed))).toEqual([]);
  });

  test("where no password was tried it is a probe", () => {
    const chosen = cases.filter(
      (of) => of.class === "auth-probe" && of.match && of.header !== false && of.ip !== null,
    );
    expect(
      deviations(chosen, (events, { ip }) =>
        events.some(({ kind, ip: found }) => kind === "probe" && found === ip),
      ),
    ).toEqual([]);
  });

  test("deviations are at most one in a hundred", () => {
    expect(Object.keys(DEVIATIONS).length).toBeLessThanOrEqual(cases.length / 100);
  });
});
