import { setHoles } from "./holes.ts";
import { joined, type Part, parseHead } from "./syntax.ts";

/** Which bytes can stand at a position; undefined: any, or none because the message is over. */
export type Possible = ReadonlySet<number> | undefined;

const known = new Map<string, readonly Possible[]>();

/** What can stand at the first `count` positions of a message of a shape, so that most shapes need not be tried. */
export function beginningOf(text: string, count: number): readonly Possible[] {
  const { parts, head } = parseHead(text, count);
  // many shapes begin alike
  const key = `${count} ${head}`;
  const beginning = known.get(key) ?? possibleIn(parts, count);
  known.set(key, beginning);
  return beginning;
}

function possibleIn(parts: readonly Part[], count: number): Possible[] {
  if (count === 0) return [];
  const [part, ...rest] = parts;
  switch (part?.kind) {
    case "literal":
      return literally(part.bytes, rest, count);
    case "word":
      return united(part.words.map((word) => literally(word, rest, count)));
    case "choice":
      return united(part.options.map((option) => possibleIn(joined(option, rest), count)));
    case "set": {
      const { least } = setHoles[part.hole]!;
      const taken = least > 0 ? takenBy(part.hole) : undefined;
      return Array.from({ length: count }, (_, i) => (i < least ? taken : undefined));
    }
    default:
      return new Array<Possible>(count).fill(undefined);
  }
}

const taken = new Map<string, ReadonlySet<number>>();

/** The bytes that a hole takes. */
function takenBy(hole: string): ReadonlySet<number> {
  const { set } = setHoles[hole]!;
  const known = taken.get(hole) ?? new Set([...set.keys()].filter((byte) => set[byte] === 1));
  taken.set(hole, known);
  return known;
}

function literally(bytes: Uint8Array, rest: readonly Part[], count: number): Possible[] {
  const own = Array.from(bytes.subarray(0, count), (byte) => new Set([byte]));
  return [...own, ...possibleIn(rest, count - own.length)];
}

function united(all: readonly Possible[][]): Possible[] {
  return all.reduce((a, b) =>
    a.map((possible, i) => {
      const other = b[i];
      return possible === undefined || other === undefined ? undefined : new Set([...possible, ...other]);
    }),
  );
}
