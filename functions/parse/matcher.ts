/** Parts of a shape to a matcher: functions that each match one part and call the next. */
import { setHoles } from "./holes.ts";
import { firstPlace, isAt, lastPlace, literalOf } from "./places.ts";
import { BadShape, type CaptureName, captures, joined, type Part } from "./syntax.ts";

/** Whether the message `[at, end)` is as it should be from `at` on. */
export type Matcher = (bytes: Uint8Array, at: number, end: number) => boolean;

interface Slot {
  from: number;
  to: number;
}

/** Offsets of what the last shape that fitted has captured; `from` is -1 where it captured nothing. */
export const captured = Object.fromEntries(captures.map((name) => [name, { from: -1, to: -1 }])) as Record<
  CaptureName,
  Slot
>;

const slots = Object.values(captured);

/** Before a message is matched: only what fits to the end captures, so once is enough for all shapes that are tried. */
export function forgetCaptured(): void {
  for (let i = 0; i < slots.length; i++) slots[i]!.from = -1;
}

export function compile(text: string, parts: readonly Part[]): Matcher {
  return sequence(text, parts, 0, (_bytes, at, end) => at === end);
}

/** The matcher of `parts` from `index` on, and of what stands behind them. */
function sequence(text: string, parts: readonly Part[], index: number, behind: Matcher): Matcher {
  const part = parts[index];
  if (part === undefined) return behind;
  const next = () => sequence(text, parts, index + 1, behind);
  switch (part.kind) {
    case "literal":
      return literal(part.bytes, next());
    case "set":
      return set(part.hole, slotOf(part), next());
    case "word":
      return word(part.words, slotOf(part), next());
    case "choice":
      return choice(text, part.options, parts.slice(index + 1), behind);
    case "gap":
      return gap(text, part, parts, index, behind);
  }
}

function slotOf({ capture }: { capture: CaptureName | undefined }): Slot {
  // What nobody asks for is captured too, into nothing: that is faster than to ask each time
  return capture === undefined ? { from: 0, to: 0 } : captured[capture];
}

function literal(expected: Uint8Array, next: Matcher): Matcher {
  const { length } = expected;
  const first = expected[0];
  return (bytes, at, end) => {
    if (end - at < length || bytes[at] !== first) return false;
    for (let i = 1; i < length; i++) if (bytes[at + i] !== expected[i]) return false;
    return next(bytes, at + length, end);
  };
}

function set(hole: string, slot: Slot, next: Matcher): Matcher {
  const { set: takes, least, most, inSentence = false } = setHoles[hole]!;
  return (bytes, at, end) => {
    const limit = end - at > most ? at + most : end;
    let to = at;
    while (to < limit && takes[bytes[to]!] === 1) to++;
    if (inSentence) to = withoutPunctuation(bytes, at, to);
    if (to - at < least || !next(bytes, to, end)) return false;
    slot.from = at;
    slot.to = to;
    return true;
  };
}

/** `192.0.2.7.` and `192.0.2.7:` end before the last byte, `2001:db8::` does not. */
function withoutPunctuation(bytes: Uint8Array, from: number, to: number): number {
  const last = bytes[to - 1];
  return to - from > 2 && (last === DOT || (last === COLON && bytes[to - 2] !== COLON)) ? to - 1 : to;
}

const DOT = 0x2e;
const COLON = 0x3a;

function word(words: readonly Uint8Array[], slot: Slot, next: Matcher): Matcher {
  return (bytes, at, end) => {
    for (let i = 0; i < words.length; i++) {
      const { length } = words[i]!;
      if (end - at < length || !isAt(bytes, at, words[i]!)) continue;
      if (!next(bytes, at + length, end)) return false;
      slot.from = at;
      slot.to = at + length;
      return true;
    }
    return false;
  };
}

/** What stands behind is compiled once, but for an option with a gap: that has to know the whole literal behind it. */
function choice(
  text: string,
  options: readonly (readonly Part[])[],
  rest: readonly Part[],
  behind: Matcher,
): Matcher {
  const next = sequence(text, rest, 0, behind);
  return oneWhichFits(
    options.map((option) =>
      option.some(({ kind }) => kind === "gap")
        ? sequence(text, joined(option, rest), 0, behind)
        : sequence(text, option, 0, next),
    ),
  );
}

function oneWhichFits(options: readonly Matcher[]): Matcher {
  if (options.length === 2) {
    const [first, second] = options as [Matcher, Matcher];
    return (bytes, at, end) => first(bytes, at, end) || second(bytes, at, end);
  }
  return (bytes, at, end) => {
    for (let i = 0; i < options.length; i++) if (options[i]!(bytes, at, end)) return true;
    return false;
  };
}

type Gap = Extract<Part, { kind: "gap" }>;

/** A hole that ends where the next literal stands; with none, at the end of the line. */
function gap(text: string, part: Gap, parts: readonly Part[], index: number, behind: Matcher): Matcher {
  const follower = parts[index + 1];
  if (follower === undefined) return remainder(part, behind);
  if (follower.kind === "literal")
    return upTo(part, follower.bytes, sequence(text, parts, index + 1, behind));
  if (follower.kind === "choice" && part.hole === "note") {
    const rest = parts.slice(index + 2);
    return oneWhichFits(
      follower.options.map((option) => sequence(text, joined([part], option, rest), 0, behind)),
    );
  }
  throw new BadShape(text, `after a hole of type ${part.hole} a literal must follow`);
}

/** Everything to the end of the line. */
function remainder(part: Gap, next: Matcher): Matcher {
  const keep = keeping(part);
  return (bytes, at, end) => next(bytes, end, end) && keep(bytes, at, end);
}

function upTo(part: Gap, bytesBehind: Uint8Array, next: Matcher): Matcher {
  const sought = literalOf(bytesBehind);
  const keep = keeping(part);
  if (part.hole === "loose") return upToFit(sought, next, keep);
  const find = part.hole === "note" ? firstPlace : lastPlace;
  return (bytes, at, end) => {
    const to = find(bytes, at, end, sought);
    return to >= 0 && next(bytes, to, end) && keep(bytes, at, to);
  };
}

/** Places that a `loose` hole tries: more would cost more than time linear in the line. */
const PLACES = 12;

function upToFit(sought: ReturnType<typeof literalOf>, next: Matcher, keep: Matcher): Matcher {
  return (bytes, at, end) => {
    let to = end;
    for (let i = 0; i < PLACES; i++) {
      to = lastPlace(bytes, at, to, sought);
      if (to < 0) return false;
      if (next(bytes, to, end)) return keep(bytes, at, to);
    }
    return false;
  };
}

/** Captures `[from, to)`; always true. */
function keeping(part: Gap): Matcher {
  const slot = slotOf(part);
  const isElements = part.hole === "elements";
  return (bytes, from, to) => {
    slot.from = from;
    slot.to = to;
    if (isElements) narrow(slot, bytes);
    return true;
  };
}

/** Of `user=<name>, method=PLAIN, ` the name: up to the last bracket, since a name may contain one. */
function narrow(slot: Slot, bytes: Uint8Array): void {
  const from = slot.from + USER.length;
  let close = slot.to - 1;
  while (close >= from && bytes[close] !== CLOSE) close--;
  if (close >= from && isAt(bytes, slot.from, USER)) {
    slot.from = from;
    slot.to = close;
  } else slot.from = -1;
}

const USER = Buffer.from("user=<");
const CLOSE = 0x3e;
