import type { Daemon, Meaning } from "./daemon.ts";
import type { Envelope } from "./envelope.ts";
import type { Service } from "./event.ts";
import type { Shape } from "./shape.ts";

/** A shape that a program's messages may have, and whose it is. */
export interface Candidate {
  shape: Shape<Meaning>;
  daemon: Daemon;
  service: Service;
}

/** A program whose lines may tell of logins. */
export interface Program {
  /** The candidates for a message that begins so, in order. */
  candidates(bytes: Uint8Array, from: number, to: number): readonly Candidate[];
}

/** Positions of a message by which candidates are chosen: of `imap-login: ` and `imap(alice)` the fifth tells them apart. */
const FIRST = 0;
const SECOND = 4;

/** Programs remembered: a log has a few dozen, and anybody may write to one. */
const REMEMBERED = 1024;

/**
 * Finds a line's program; undefined where no daemon speaks under its name. Known ones are found by the hash of the name
 * that `readTag` has made on its way (which programs write to a log is not for clients to choose).
 */
export function createProgramTable(daemons: readonly Daemon[]): (envelope: Envelope) => Program | undefined {
  const known = new Map<number, Program | undefined>();
  return ({ programHash, programBytes, programFrom, programTo }) => {
    const found = known.get(programHash);
    if (found !== undefined || known.has(programHash)) return found;
    const program = programOf(daemons, programBytes.toString("latin1", programFrom, programTo));
    if (known.size >= REMEMBERED) known.clear();
    known.set(programHash, program);
    return program;
  };
}

function programOf(daemons: readonly Daemon[], name: string): Program | undefined {
  const speakers = daemons.filter((daemon) => daemon.programs.some((program) => isNamed(name, program)));
  if (speakers.length === 0) return undefined;
  const all = speakers.flatMap((daemon) => {
    const service = daemon.service(name);
    return daemon.shapes.map((shape): Candidate => ({ shape, daemon, service }));
  });
  return { candidates: chooser(all) };
}

function isNamed(name: string, program: string): boolean {
  return program.startsWith("*") ? name.endsWith(program.slice(1)) : name === program;
}

function chooser(all: readonly Candidate[]): Program["candidates"] {
  const byFirst = Array.from({ length: 256 }, (_, byte) => narrowed(all, FIRST, byte));
  /** By first and second byte; filled when a message begins with the first. */
  const byBoth: (readonly Candidate[])[][] = Array.from({ length: 256 }, () => []);
  return (bytes, from, to) => {
    const first = bytes[from]!;
    const some = byFirst[first]!;
    if (some.length === 0 || to - from <= SECOND) return some;
    const bySecond = byBoth[first]!;
    if (bySecond.length === 0)
      for (let byte = 0; byte < 256; byte++) bySecond.push(narrowed(some, SECOND, byte));
    return bySecond[bytes[from + SECOND]!]!;
  };
}

function narrowed(candidates: readonly Candidate[], position: number, byte: number): readonly Candidate[] {
  return candidates.filter(({ shape }) => shape.beginning[position]?.has(byte) ?? true);
}
