/**
 * Shapes: a log line as its daemon writes it, with typed holes, compiled to a matcher on bytes.
 *
 *     shape("<service:login>: Login: <user:elements>rip=<ip>, lip=<lip:ip>{, <rest:note>}", success)
 *
 * A matcher goes from left to right and never tries a place twice: a hole of a set (`word`, `int`, `ip` …) takes all
 * it can; a `note` ends at the first place, a `text` at the last place of the literal that follows it, and the rest
 * must fit there or the line is not of this shape. So time is linear (times two for each optional part, of which
 * there are few), and of two `, rip=` in a line the last one counts: nothing that a client types can move the address.
 * No string is made: what was captured is left as places in the matchers' memory.
 */
import { beginningOf, type Possible } from "./beginnings.ts";
import { matcherOf } from "./matcher.ts";
import { functionOf, publish } from "./memory.ts";
import { firstPlace } from "./search.ts";
import { isTypedBeforeAddress, parseShape } from "./syntax.ts";
import { add, atLeast, both, call, type Func, FuncWriter, giveBack, int, when } from "./wasm.ts";

/** Positions at the beginning of a message that are looked at before a shape is tried. */
export const BEGINNING = 6;

/** What a line of a shape means; see `daemon.ts`. */
export interface Shape<Meaning> {
  text: string;
  meaning: Meaning;
  /**
   * Whether the message `[at, end)` of the matchers' memory has this shape; fills `captured`, which the caller has emptied, where
   * it has.
   */
  fits(at: number, end: number): boolean;
  /** Where its matcher stands in the matchers' table. */
  slot(): number;
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
  const parts = once(() => parseShape(text));
  const matcher = once(() => functionOf(demanding(demands, matcherOf(text, parts()))));
  return {
    text,
    meaning,
    fits: (at, end) => matcher()(at, end) === 1,
    slot: once(() => publish(matcher())),
    beginning: once(() => beginningOf(text, BEGINNING)),
    typedBeforeAddress: once(() => isTypedBeforeAddress(parts())),
  };
}

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function demanding({ without, once }: Demands, fits: Func): Func {
  const writer = new FuncWriter(2);
  const [at, end, first] = [writer.param(0), writer.param(1), writer.local()];
  const refused = [
    { sought: without, allowed: 0 },
    { sought: once, allowed: 1 },
  ].flatMap(({ sought, allowed }) => {
    if (sought === undefined) return [];
    const search = firstPlace(Buffer.from(sought));
    const again = atLeast(call(search, add(first.get, int(1)), end.get), int(0));
    const isTooMany = allowed === 0 ? int(1) : again;
    return [
      first.set(call(search, at.get, end.get)),
      when(both(atLeast(first.get, int(0)), isTooMany), giveBack(int(0))),
    ];
  });
  if (refused.length === 0) return fits;
  writer.body = [...refused, call(fits, at.get, end.get)];
  return writer;
}
