import { BytesCache } from "./bytes-cache.ts";
import type { Daemon, Meaning } from "./daemon.ts";
import type { Service } from "./event.ts";
import type { Shape } from "./shape.ts";

/** A program whose lines may tell of logins. */
export interface Program {
  daemon: Daemon;
  service: Service;
  /** By first byte of the message: the shapes that it can have, in order. */
  shapes: readonly (readonly Shape<Meaning>[])[];
}

/** Programs remembered: a log has a few dozen, and anybody may write to one. */
const REMEMBERED = 256;

/** Finds the program by the bytes of its name; undefined where no daemon speaks under it. */
export function createProgramTable(
  daemons: readonly Daemon[],
): (bytes: Buffer, from: number, to: number) => Program | undefined {
  const tables = new Map(daemons.map((daemon) => [daemon, byFirstByte(daemon.shapes)]));
  const exact = new Map<string, Daemon>();
  const suffixes: [string, Daemon][] = [];
  for (const daemon of daemons) {
    for (const name of daemon.programs) {
      if (name.startsWith("*")) suffixes.push([name.slice(1), daemon]);
      else exact.set(name, daemon);
    }
  }
  const cache = new BytesCache<Program | undefined>(REMEMBERED, (bytes, from, to) => {
    const name = bytes.toString("latin1", from, to);
    const daemon = exact.get(name) ?? suffixes.find(([suffix]) => name.endsWith(suffix))?.[1];
    return daemon && { daemon, service: daemon.service(name), shapes: tables.get(daemon)! };
  });
  return (bytes, from, to) => cache.get(bytes, from, to);
}

function byFirstByte(shapes: readonly Shape<Meaning>[]): Shape<Meaning>[][] {
  return Array.from({ length: 256 }, (_, byte) => shapes.filter(({ firsts }) => firsts.has(byte)));
}
