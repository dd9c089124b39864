import { describe, expect, test } from "vitest";
import { createLineParser } from "../../functions/parse/line.ts";
import { AT } from "./read.ts";
import { AMBIGUOUS, CLIENT, FORGED, fill, REFUSALS } from "./refusals.ts";

/** Each daemon's line, whole, its message alone, and its end from the name on, with another's address. */
const names = [...REFUSALS, ...AMBIGUOUS].flatMap(([, line]) => {
  const forged = fill(line, "x", FORGED);
  const message = forged.replace(/^.*?\d\d:\d\d:\d\d\S* (?:mail \S+: )?/, "");
  const behind = line.split("NAME");
  return [
    forged,
    message,
    ...behind.slice(1).map((end) => `x${fill(end, "x", FORGED)}`),
    `${behind[0]!.slice(-12)}x`,
  ];
});

/** What Roundcube and Horde write where a request had headers: a name with that leaves it open who it was. */
const HEADERS = /\(X-|\(forwarded for/;

/** What one parser, as if they stood in one log, makes of the line for each name. */
function outcomes(line: string) {
  const parser = createLineParser({ logTime: AT, zone: { offset: 0 } });
  return names.map((name) => {
    const bytes = Buffer.from(fill(line, name, CLIENT));
    const before = parser.unreadLines;
    const event = parser.parse(bytes, 0, bytes.length);
    return { name, event, isOpen: event === undefined && parser.unreadLines === before + 1 };
  });
}

describe.each(REFUSALS)("%s", (_daemon, line) => {
  test("no name that looks like a log line moves or hides the address", () => {
    const wrong = outcomes(line).filter(
      ({ name, event, isOpen }) =>
        !(event?.ip === CLIENT && event.outcome === "failure") && !(isOpen && HEADERS.test(name)),
    );
    expect(wrong).toEqual([]);
  });
});

test.each([...REFUSALS, ...AMBIGUOUS])("%s: a long name hides nobody", (_daemon, line) => {
  for (const length of [600, 3_000]) {
    const parser = createLineParser({ logTime: AT, zone: { offset: 0 } });
    const bytes = Buffer.from(fill(line, "x".repeat(length), CLIENT));
    const event = parser.parse(bytes, 0, bytes.length);
    expect(event === undefined ? parser.unreadLines : event.ip).toBe(event === undefined ? 1 : CLIENT);
  }
});

describe.each(AMBIGUOUS)("%s", (_daemon, line) => {
  test("no name that looks like a log line counts for another, and what is left open is reported", () => {
    expect(outcomes(line).filter(({ event, isOpen }) => event?.ip !== CLIENT && !isOpen)).toEqual([]);
  });
});
