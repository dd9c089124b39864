import { type GapHole, gapHoles, setHoles, wordHoles } from "./holes.ts";

/** What a shape captures; other hole names only say what stands there. */
export const captures = [
  "ip",
  "user",
  "attempts",
  "succeeded",
  "service",
  "lip",
  "forwarded",
  "session",
] as const;
export type CaptureName = (typeof captures)[number];

export type Part =
  | { kind: "literal"; bytes: Uint8Array }
  | { kind: "set"; hole: string; capture: CaptureName | undefined }
  | { kind: "word"; words: readonly Uint8Array[]; capture: CaptureName | undefined }
  | { kind: "gap"; hole: GapHole; capture: CaptureName | undefined }
  /** One of these must fit; an empty one makes the part optional. */
  | { kind: "choice"; options: Part[][] };

/** A shape that cannot be compiled: a mistake in a daemon's file, found when it is used. */
export class BadShape extends Error {
  override name = "BadShape";
  constructor(shape: string, reason: string) {
    super(`shape ${JSON.stringify(shape)}: ${reason}`);
  }
}

/**
 * A shape's text as parts. `<name:type>` is a hole (`<ip>` is `<ip:ip>`), `{x}` may be absent, of `{x|y}` one stands
 * there. `<<` is a literal `<`; a `>`, `:` or `|` outside of holes and braces is itself.
 */
export function parseShape(text: string): Part[] {
  const { parts } = parseParts(text, 0, OUTSIDE);
  checkOrder(text, parts);
  return parts;
}

/** Of a shape's parts as many as tell how a message can begin, up to `count` bytes; and their text. */
export function parseHead(text: string, count: number): { parts: Part[]; head: string } {
  const { parts, at } = parseParts(text, 0, OUTSIDE, count);
  return { parts, head: text.slice(0, at) };
}

interface Parsed {
  parts: Part[];
  /** Where their text ends. */
  at: number;
  /** How many bytes at least they stand for. */
  least: number;
}

const HOLE = /<(\w+)(?::(\w+))?>/y;
/** What is itself, outside of braces and within. */
const OUTSIDE = /(?:[^<{]|<(?!\w+(?::\w+)?>))+/y;
const WITHIN = /(?:[^<{|}]|<(?!\w+(?::\w+)?>))+/y;

/** @param enough bytes, behind which nothing is looked at */
function parseParts(text: string, start: number, literal: RegExp, enough = Infinity): Parsed {
  const parts: Part[] = [];
  let at = start;
  let least = 0;
  while (at < text.length && least < enough) {
    const own = matchAt(literal, text, at)?.[0].slice(0, enough - least);
    const hole = own === undefined ? matchAt(HOLE, text, at) : null;
    if (own !== undefined) {
      parts.push({ kind: "literal", bytes: Buffer.from(own) });
      at += own.length;
      least += own.length;
    } else if (hole !== null) {
      const part = holeOf(text, hole[1]!, hole[2] ?? hole[1]!);
      parts.push(part);
      at += hole[0].length;
      least += part.kind === "word" ? Math.min(...part.words.map(({ length }) => length)) : UNKNOWN;
    } else if (text[at] === "{") {
      const choice = parseChoice(text, at + 1);
      parts.push(...choice.parts);
      at = choice.at;
      least += choice.least;
    } else break;
  }
  return { parts, at, least };
}

/** A hole that takes what it can ends anywhere: what follows it tells nothing about the first bytes. */
const UNKNOWN = 2 ** 20;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function parseChoice(text: string, start: number): Parsed {
  const options: Part[][] = [];
  let at = start - 1;
  let least = Infinity;
  do {
    const option = parseParts(text, at + 1, WITHIN);
    options.push(option.parts);
    least = Math.min(least, option.least);
    at = option.at;
  } while (text[at] === "|");
  if (text[at] !== "}") throw new BadShape(text, `"{" at ${start - 1} is not closed`);
  if (options.length === 1) {
    options.push([]);
    least = 0;
  }
  return { parts: [{ kind: "choice", options }], at: at + 1, least };
}

function holeOf(text: string, name: string, type: string): Part {
  const capture = captures.find((known) => known === name);
  const gap = gapHoles.find((known) => known === type);
  if (gap !== undefined) return { kind: "gap", hole: gap, capture };
  const words = wordHoles[type];
  if (words !== undefined) return { kind: "word", words: words.map((word) => Buffer.from(word)), capture };
  if (setHoles[type] === undefined) throw new BadShape(text, `there is no hole type ${type}`);
  return { kind: "set", hole: type, capture };
}

/** Parts one after the other, neighbouring literals as one: what follows a gap is the longest literal there is. */
export function joined(...sequences: (readonly Part[])[]): Part[] {
  const parts: Part[] = [];
  for (const part of sequences.flat()) {
    const last = parts.at(-1);
    if (part.kind === "literal" && last?.kind === "literal") {
      parts[parts.length - 1] = { kind: "literal", bytes: Buffer.concat([last.bytes, part.bytes]) };
    } else parts.push(part);
  }
  return parts;
}

/** Whether what a client may have typed stands before the address: a line that was cut off could end with it. */
export function isTypedBeforeAddress(parts: readonly Part[]): boolean {
  const { before } = aroundAddress(parts);
  return before.some(isTyped);
}

function isTyped(part: Part): boolean {
  return part.kind === "gap" && part.hole !== "note";
}

/**
 * The rule that keeps an address from being forged: what a client may have typed stands on one side of it only.
 * Before it: the last place counts, so nothing of a client's may follow. After it: it is matched from the left.
 */
function checkOrder(text: string, parts: readonly Part[]): void {
  const { before, after } = aroundAddress(parts);
  if (before.some(isTyped) && after.some(isTyped)) {
    throw new BadShape(text, "text that a client may have typed stands before and after the address");
  }
}

function aroundAddress(parts: readonly Part[]): { before: Part[]; after: Part[] } {
  const order = flatten(parts);
  const address = order.findIndex((part) => part.kind === "set" && part.capture === "ip");
  return { before: order.slice(0, Math.max(address, 0)), after: order.slice(address) };
}

function flatten(parts: readonly Part[]): Part[] {
  return parts.flatMap((part) => (part.kind === "choice" ? part.options.flatMap(flatten) : [part]));
}
