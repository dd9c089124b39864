import type { Daemon, Meaning } from "./daemon.ts";
import type { Envelope } from "./envelope.ts";
import type { Service } from "./event.ts";
import { codeOf, whatOf } from "./login.ts";
import type { Shape } from "./shape.ts";

/** A shape that a program's messages may have, and whose it is. */
export interface Candidate {
  shape: Shape<Meaning>;
  daemon: Daemon;
  /** As in `Login`, where the line does not name another service; -1 where it tells of no login. */
  code: number;
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
  /** The same for those that came last, quicker. */
  const hashes = new Float64Array(REMEMBERED).fill(Number.NaN);
  const programs = new Array<Program | undefined>(REMEMBERED).fill(undefined);
  return ({ programHash, programBytes, programFrom, programTo }) => {
    const slot = programHash & (REMEMBERED - 1);
    if (hashes[slot] === programHash) return programs[slot];
    if (!known.has(programHash)) {
      if (known.size >= REMEMBERED) known.clear();
      const name = programBytes.toString("latin1", programFrom, programTo);
      known.set(programHash, programOf(daemons, name));
    }
    hashes[slot] = programHash;
    programs[slot] = known.get(programHash);
    return programs[slot];
  };
}

function programOf(daemons: readonly Daemon[], name: string): Program | undefined {
  const speakers = daemons.filter((daemon) => daemon.programs.some((program) => isNamed(name, program)));
  if (speakers.length === 0) return undefined;
  const all = speakers.flatMap((daemon) => {
    const service = daemon.service(name);
    return daemon.shapes.map((shape) => candidateOf(shape, daemon, service));
  });
  return { candidates: chooser(all) };
}

function isNamed(name: string, program: string): boolean {
  return program.startsWith("*") ? name.endsWith(program.slice(1)) : name === program;
}

function candidateOf(shape: Shape<Meaning>, daemon: Daemon, service: Service): Candidate {
  const { meaning } = shape;
  if (typeof meaning === "string") return { shape, daemon, code: -1 };
  const code = codeOf(daemon.name, meaning.service ?? service, meaning.evidence, whatOf(meaning));
  return { shape, daemon, code };
}

/** Chooses by two bytes; which candidates can begin with them is found out when a message does. */
function chooser(all: readonly Candidate[]): Program["candidates"] {
  const byFirst = lazily((first) => {
    const some = narrowed(all, FIRST, first);
    return { some, bySecond: lazily((second) => narrowed(some, SECOND, second)) };
  });
  return (bytes, from, to) => {
    const { some, bySecond } = byFirst(bytes[from]!);
    return some.length === 0 || to - from <= SECOND ? some : bySecond(bytes[from + SECOND]!);
  };
}

/** A function of a byte that makes each result once. */
function lazily<Made>(make: (byte: number) => Made): (byte: number) => Made {
  const made = new Array<Made | undefined>(256).fill(undefined);
  return (byte) => {
    const known = made[byte];
    if (known !== undefined) return known;
    const fresh = make(byte);
    made[byte] = fresh;
    return fresh;
  };
}

function narrowed(candidates: readonly Candidate[], position: number, byte: number): readonly Candidate[] {
  return candidates.filter(({ shape }) => shape.beginning()[position]?.has(byte) ?? true);
}
