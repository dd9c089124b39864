import type { Result } from "./check.ts";

const WORDS = { pass: "pass", fail: "FAIL", known: "differs", skip: "skipped" };

/** The results in lined-up columns; what did not pass has its reason below. */
export function table(results: readonly Result[]): string {
  const topicWidth = Math.max(...results.map(({ check }) => check.topic.length));
  const rows = results.map(({ check, outcome, reason }) => {
    const row = `${WORDS[outcome].padEnd(7)}  ${check.topic.padEnd(topicWidth)}  ${check.name}`;
    return outcome === "pass" ? row : `${row}\n${" ".repeat(9)}${reason}`;
  });
  return rows.join("\n");
}

/** `58 passed, 0 failed`; skipped checks and known differences, where there are any, behind it. */
export function summary(results: readonly Result[]): string {
  const count = (wanted: Result["outcome"]) => results.filter(({ outcome }) => outcome === wanted).length;
  const others = [
    count("known") > 0 ? `, ${count("known")} known differences` : "",
    count("skip") > 0 ? `, ${count("skip")} skipped` : "",
  ];
  return `${count("pass")} passed, ${count("fail")} failed${others.join("")}`;
}
