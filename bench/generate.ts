/**
 * A mail host's log of any length over one week, and what is true of it. The same seed, the same log.
 * Sessions overlap as they do on a busy host; 16 % of the lines tell of failed logins and 17 % of proper ones.
 */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { utimes } from "node:fs/promises";
import { peopleFrom } from "./log/people.ts";
import { randomFrom } from "./log/random.ts";
import { attack, type Line, login, rest, type Session, type World } from "./log/sessions.ts";
import { type Form, stamper } from "./log/stamp.ts";

export interface Counted {
  /** Refused passwords. */
  attempts: number;
  /** Proper logins. */
  successes: number;
}

export interface Generated {
  lines: number;
  bytes: number;
  /** Lines that tell of a failed login; of several attempts some. */
  failures: number;
  successes: number;
  byAddress: Map<string, Counted>;
}

export interface LogOptions {
  lines: number;
  seed: number;
  form?: Form;
}

const FIRST = Date.UTC(2026, 10, 16) / 1000;
const WEEK = 7 * 86_400;
const HOUR = 3600;
const FAILURES = 0.16;
const SUCCESSES = 0.17;
const OPEN_SESSIONS = 40;
const CHUNK = 1 << 20;

/** Writes the log to `path`, and gives the file the time of its last line. */
export async function generateLog(path: string, options: LogOptions): Promise<Generated> {
  const done: Generated = { lines: 0, bytes: 0, failures: 0, successes: 0, byAddress: new Map() };
  const stampOf = stamper(options.form ?? "traditional");
  const out = createWriteStream(path);
  let chunk = "";
  const flush = async () => {
    done.bytes += Buffer.byteLength(chunk);
    if (!out.write(chunk)) await once(out, "drain");
    chunk = "";
  };
  for (const { at, line } of linesOf(options)) {
    chunk += `${stampOf(at)} mail ${line.text}\n`;
    count(line, done);
    if (chunk.length >= CHUNK) await flush();
  }
  await flush();
  out.end();
  await once(out, "close");
  await utimes(path, FIRST + WEEK, FIRST + WEEK);
  return done;
}

function count({ login }: Line, done: Generated): void {
  done.lines++;
  if (!login) return;
  if (login.outcome === "failure") done.failures++;
  else done.successes++;
  const counted = done.byAddress.get(login.ip) ?? { attempts: 0, successes: 0 };
  done.byAddress.set(login.ip, counted);
  if (login.outcome === "failure") counted.attempts += login.attempts;
  else counted.successes++;
}

/** Each session ends in the hour in which it began, since attempts that two lines tell of are told apart by the hour. */
function* linesOf({ lines, seed }: LogOptions): Generator<{ at: number; line: Line }> {
  const world: World = { random: randomFrom(seed), people: peopleFrom(seed + 1), now: FIRST };
  const open: Session[] = Array.from({ length: OPEN_SESSIONS }, () => []);
  const start = starter(world);
  for (let n = 0; n < lines; ) {
    const next = Math.max(world.now, FIRST + ((n + world.random.real()) / lines) * WEEK);
    if (hourOf(next) !== hourOf(world.now)) {
      const rest = open.flatMap((session) => session.splice(0)).slice(0, lines - n);
      for (const line of rest) yield { at: world.now, line };
      n += rest.length;
    }
    world.now = next;
    if (n === lines) return;
    const slot = world.random.int(0, OPEN_SESSIONS);
    if (open[slot]!.length === 0) open[slot] = start();
    yield { at: next, line: open[slot]!.shift()! };
    n++;
  }
}

function hourOf(at: number): number {
  return Math.floor(at / HOUR);
}

/** Starts sessions so that the shares of the lines hold. */
function starter(world: World): () => Session {
  let [lines, failures, successes] = [0, 0, 0];
  return () => {
    const kind = failures < FAILURES * lines ? attack : successes < SUCCESSES * lines ? login : rest;
    const session = kind(world);
    lines += session.length;
    failures += session.filter((line) => line.login?.outcome === "failure").length;
    successes += session.filter((line) => line.login?.outcome === "success").length;
    return session;
  };
}
