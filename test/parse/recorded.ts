import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { createLineParser } from "../../functions/parse/line.ts";
import { readLines } from "../../functions/read/lines.ts";

/** Logs that real daemons wrote while clients with known intentions talked to them; see their README. */
const FOLDER = new URL("../../../shared/corpus/recorded/", import.meta.url);
const LOG_TIME = Date.parse("2026-11-24T06:00:00Z") / 1000;

export const hasRecorded = existsSync(FOLDER);
export const runs = hasRecorded ? readdirSync(FOLDER).filter((name) => !name.includes(".")) : [];

/** The logs of a run in each of the forms that it was written in. */
export function formsOf(run: string): string[][] {
  const files = readdirSync(new URL(`${run}/`, FOLDER)).filter((name) => !/tsv$|^config/.test(name));
  const rest = files.filter((name) => !/traditional$|rfc3339$|^journal/.test(name));
  const forms = ["traditional", "rfc3339"].map((form) => files.filter((name) => name.endsWith(form)));
  const journals = files.filter((name) => name.startsWith("journal")).map((name) => [name]);
  return [...forms.filter((form) => form.length > 0).map((form) => [...form, ...rest]), ...journals];
}

export interface Truth {
  /** Refused, and in a way that the daemon writes a line about. */
  least: number;
  /** Everything that was sent to be judged, or might have been. */
  most: number;
}

/** By source address, over all services. */
export function truthOf(run: string): Map<string, Truth> {
  const [head, ...rows] = readFileSync(new URL(`${run}/events.tsv`, FOLDER), "utf8")
    .trimEnd()
    .split("\n");
  const names = head!.split("\t");
  const truth = new Map<string, Truth>();
  for (const row of rows) {
    const connection = Object.fromEntries(row.split("\t").map((value, i) => [names[i]!, value]));
    const number = (name: string) => Number(connection[name]);
    const sum = truth.get(connection.src_ip!) ?? { least: 0, most: 0 };
    sum.least += isTold(run, connection) ? number("failed") - unjudged(connection.replies!) : 0;
    sum.most += number("failed") + number("refused") + number("aborted") + number("unread");
    truth.set(connection.src_ip!, sum);
  }
  return truth;
}

/**
 * Whether the daemon writes of what failed in a connection. Dovecot does not where a good attempt followed (but in
 * auth_verbose), Cyrus's pop3d does not of a syntax error, its timsieved not where its own trouble made proper logins fail,
 * Courier cuts a long name off and the address with it.
 */
function isTold(run: string, { service, ok, scenario, replies, usernames }: Record<string, string>): boolean {
  const postfix = ["smtp", "smtps", "submission"].includes(service!);
  if (run.startsWith("mx") && Number(ok) > 0 && !postfix) return false;
  if (run.startsWith("cyrus"))
    return !replies!.includes("Syntax error") && !(service === "sieve" && /legit|cracked/.test(scenario!));
  return !(run.startsWith("courier") && usernames!.length > 400);
}

/** Refused, though no password came: the mechanism was, or the order of commands (Courier's pop3d). */
function unjudged(replies: string): number {
  return replies.split(/Invalid authentication mechanism|USER\/PASS required/).length - 1;
}

export interface LoggedEvent extends LoginEvent {
  log: string;
}

export async function eventsOf(run: string, logs: readonly string[]) {
  const events: LoggedEvent[] = [];
  const unread: string[] = [];
  for (const log of logs) {
    const parser = createLineParser({ logTime: LOG_TIME, zone: { offset: 0 } });
    const source = createReadStream(new URL(`${run}/${log}`, FOLDER));
    await readLines(source, { name: log }, (bytes, start, end) => {
      const event = parser.parse(bytes, start, end);
      if (event !== undefined) events.push({ ...event, log });
    });
    unread.push(...parser.unread.keys());
  }
  return { events, unread };
}

/**
 * Attempts by address: per hour the larger of what login processes wrote (per daemon and service the most that one log
 * has) and what auth processes wrote.
 */
export function attemptsOf(events: readonly LoggedEvent[]): Map<string, number> {
  const hours = Map.groupBy(events, ({ ip, at }) => `${ip} ${Math.floor(at / 3600)}`);
  const attempts = new Map<string, number>();
  for (const [key, hour] of hours) {
    const ip = key.split(" ")[0]!;
    const login = mostOfOneLog(hour.filter(({ evidence }) => evidence !== "auth"));
    const auth = mostOfOneLog(hour.filter(({ evidence }) => evidence === "auth"));
    attempts.set(ip, (attempts.get(ip) ?? 0) + Math.max(login, auth));
  }
  return attempts;
}

function mostOfOneLog(events: readonly LoggedEvent[]): number {
  const groups = Map.groupBy(events, ({ daemon, service }) => `${daemon} ${service}`);
  return sum(
    [...groups.values()].map((group) => {
      const accounts = Map.groupBy(group, ({ log, evidence }) => `${log} ${evidence}`);
      return Math.max(
        ...[...accounts.values()].map((account) => sum(account.map((event) => event.attempts))),
      );
    }),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
