/**
 * Shapes: a log line as its daemon writes it, with typed holes, compiled to a matcher on bytes.
 *
 *     shape("<service:login>: Login: <user:elements>rip=<ip>, lip=<lip:ip>{, <rest:note>}", success)
 *
 * A matcher goes from left to right and never tries a place twice: a hole of a set (`word`, `int`, `ip` …) takes all
 * it can; a `note` ends at the first place, a `text` at the last place of the literal that follows it, and the rest
 * must fit there or the line is not of this shape. So time is linear (times two for each optional part, of which
 * there are few), and of two `, rip=` in a line the last one counts: nothing that a client types can move the address.
 * No string is made: what was captured is left as offsets.
 */
import { beginningsOf, type Possible } from "./beginnings.ts";
import { compile } from "./matcher.ts";
import { firstPlace, literalOf } from "./places.ts";
import { isTypedBeforeAddress, type Part, parseShape } from "./syntax.ts";

/** Positions at the beginning of a message that are looked at before a shape is tried. */
export const BEGINNING = 6;

/** What a line of a shape means; see `daemon.ts`. */
export interface Shape<Meaning> {
  text: string;
  meaning: Meaning;
  /** Whether the message `[at, end)` has this shape; fills `captured`, which the caller has emptied, where it has. */
  fits(bytes: Uint8Array, at: number, end: number): boolean;
  /** What such a message can begin with. */
  beginning(): readonly Possible[];
  /** Whether a line of this shape that was cut off somewhere could end with an address that a client typed. */
  typedBeforeAddress(): boolean;
}

/** What a shape demands of the whole message, for lines in which clients' text stands on both sides of the address. */
export interface Demands {
  /** This must not stand in it. */
  without?: string;
  /** This must stand in it once only. */
  once?: string;
}

/** Nothing is compiled before it is needed: a log has lines of a few of all shapes. */
export function shape<Meaning>(text: string, meaning: Meaning, demands: Demands = {}): Shape<Meaning> {
  let parsed: Part[] | undefined;
  let beginning: readonly Possible[] | undefined;
  const parts = () => {
    parsed ??= parseShape(text);
    return parsed;
  };
  const made: Shape<Meaning> = {
    text,
    meaning,
    fits: (bytes, at, end) => {
      made.fits = demanding(demands, compile(text, parts()));
      return made.fits(bytes, at, end);
    },
    beginning: () => {
      beginning ??= beginningsOf(parts(), BEGINNING);
      return beginning;
    },
    typedBeforeAddress: () => isTypedBeforeAddress(parts()),
  };
  return made;
}

type Fits = Shape<unknown>["fits"];

function demanding({ without, once }: Demands, fits: Fits): Fits {
  const demanded = [
    { sought: without, allowed: 0 },
    { sought: once, allowed: 1 },
  ].flatMap(({ sought, allowed }) =>
    sought === undefined ? [] : [{ sought: literalOf(Buffer.from(sought)), allowed }],
  );
  if (demanded.length === 0) return fits;
  return (bytes, at, end) => {
    for (const { sought, allowed } of demanded) {
      const first = firstPlace(bytes, at, end, sought);
      if (first >= 0 && (allowed === 0 || firstPlace(bytes, first + 1, end, sought) >= 0)) return false;
    }
    return fits(bytes, at, end);
  };
}
