/**
 * Tells lines that may tell of a login, or on which what other lines tell may depend, from those that surely do neither. It
 * knows no more of a line than its program and how its message begins, so it costs a fraction of reading it.
 *
 *     const mayTell = createSieve();
 *     if (mayTell(bytes, start, end)) parser.read(bytes, start, end);
 *
 * A sieve is for one log: all of its lines, in order. A parser that is given only what may tell, tells what it would of all.
 */
import { daemons } from "./daemons.ts";
import { createEnvelopeReader, emptyEnvelope } from "./forms.ts";
import { takePrefix } from "./prefixes.ts";
import { createProgramTable } from "./programs.ts";

export type Sieve = (bytes: Buffer, start: number, end: number) => boolean;

export function createSieve(): Sieve {
  const programOf = createProgramTable(daemons);
  const read = createEnvelopeReader();
  const envelope = emptyEnvelope();
  return (bytes, start, end) => {
    const isRead = read(bytes, start, end, envelope);
    // of an entry of several lines none can be left out
    if (envelope.isOfEntry) return true;
    if (!isRead || envelope.from >= envelope.to) return false;
    const program = programOf(envelope);
    if (program === undefined || program.hasMemory) return program !== undefined;
    takePrefix(envelope);
    return program.candidates(envelope.bytes, envelope.from, envelope.to).length > 0;
  };
}
