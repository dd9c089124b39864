import { BytesCache } from "./bytes-cache.ts";
import type { Daemon, Meaning } from "./daemon.ts";
import type { Service } from "./event.ts";
import type { Shape } from "./shape.ts";

/** A shape that a program's messages may have, and whose it is. */
export interface Candidate {
  shape: Shape<Meaning>;
  daemon: Daemon;
  service: Service;
}

/** A program whose lines may tell of logins: by first byte of the message, the candidates in order. */
export type Program = readonly (readonly Candidate[])[];

/** Programs remembered: a log has a few dozen, and anybody may write to one. */
const REMEMBERED = 256;

/** Finds the program by the bytes of its name; undefined where no daemon speaks under it. */
export function createProgramTable(
  daemons: readonly Daemon[],
): (bytes: Buffer, from: number, to: number) => Program | undefined {
  const cache = new BytesCache<Program | undefined>(REMEMBERED, (bytes, from, to) => {
    const name = bytes.toString("latin1", from, to);
    const speakers = daemons.filter((daemon) => daemon.programs.some((program) => isNamed(name, program)));
    return speakers.length === 0
      ? undefined
      : byFirstByte(speakers.flatMap((daemon) => candidates(daemon, name)));
  });
  return (bytes, from, to) => cache.get(bytes, from, to);
}

function isNamed(name: string, program: string): boolean {
  return program.startsWith("*") ? name.endsWith(program.slice(1)) : name === program;
}

function candidates(daemon: Daemon, name: string): Candidate[] {
  const service = daemon.service(name);
  return daemon.shapes.map((shape) => ({ shape, daemon, service }));
}

function byFirstByte(all: readonly Candidate[]): Candidate[][] {
  return Array.from({ length: 256 }, (_, byte) => all.filter(({ shape }) => shape.firsts.has(byte)));
}
