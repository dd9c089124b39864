/**
 * Parts of a shape to a matcher: a function in JavaScript, written for that shape. Literals become comparisons, sets
 * become loops, so that no time goes into finding out what is to be done next. What stands in a shape is our own text,
 * never a log's.
 */
import { captured, SLOT } from "./captured.ts";
import { setHoles } from "./holes.ts";
import { firstPlace, isAt, lastPlace, literalOf } from "./places.ts";
import { BadShape, type CaptureName, joined, type Part } from "./syntax.ts";

/** Whether the message `[at, end)` is as it should be from `at` on. */
export type Matcher = (bytes: Uint8Array, at: number, end: number) => boolean;

export function compile(text: string, parts: readonly Part[]): Matcher {
  const writer = new MatcherWriter(text);
  const name = writer.sequence(parts, "");
  const { constants, functions } = writer;
  const source = `"use strict";\n${functions.join("\n")}\nreturn ${name};`;
  return new Function(...Object.keys(RUNTIME), "constants", source)(...Object.values(RUNTIME), constants);
}

/** What a hole has taken, noted when the whole message fits. */
interface Kept {
  slot: number;
  from: string;
  to: string;
  isElements: boolean;
}

/** Places that a `loose` hole tries: more would cost more than time linear in the line. */
const PLACES = 12;

class MatcherWriter {
  readonly functions: string[] = [];
  readonly constants: unknown[] = [];
  private readonly text: string;
  private names = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Writes the function that matches `parts` and then what `behind`, a function's name or "" for the end, matches. */
  sequence(parts: readonly Part[], behind: string): string {
    const name = this.name("match");
    const lines: string[] = [];
    this.body(parts, behind, lines);
    this.functions.push(`function ${name}(bytes, at, end) {\n${lines.join("\n")}\n}`);
    return name;
  }

  private body(parts: readonly Part[], behind: string, lines: string[]): void {
    const kept: Kept[] = [];
    for (const [index, part] of parts.entries()) {
      const rest = parts.slice(index + 1);
      switch (part.kind) {
        case "literal":
          lines.push(`if (!(${isLiteral(part.bytes)})) return false;`, `at += ${part.bytes.length};`);
          break;
        case "set":
          this.keep(part, this.set(part.hole, lines), kept, lines);
          break;
        case "word":
          this.keep(part, this.word(part.words, lines), kept, lines);
          break;
        case "choice":
          this.choice(part.options, rest, behind, kept, lines);
          return;
        case "gap":
          this.gap(part, rest, behind, kept, lines);
          return;
      }
    }
    lines.push(...orElse(behind === "" ? "at === end" : `${behind}(bytes, at, end)`, kept));
  }

  /** Goes on at `to`, where the hole has ended. */
  private keep(
    { capture }: { capture: CaptureName | undefined },
    to: string,
    kept: Kept[],
    lines: string[],
  ): void {
    if (capture !== undefined) {
      const from = this.name("from");
      lines.push(`const ${from} = at;`);
      kept.push({ slot: SLOT[capture], from, to, isElements: false });
    }
    lines.push(`at = ${to};`);
  }

  /** Writes how far a set goes; gives the variable that tells it. */
  private set(hole: string, lines: string[]): string {
    const { set, least, most, inSentence = false } = setHoles[hole]!;
    const to = this.name("to");
    const limit = this.name("limit");
    const takes = this.constant(set);
    lines.push(`const ${limit} = end - at > ${most} ? at + ${most} : end;`, `let ${to} = at;`);
    lines.push(`while (${to} < ${limit} && ${takes}[bytes[${to}]] === 1) ${to}++;`);
    if (inSentence) lines.push(`${to} = withoutPunctuation(bytes, at, ${to});`);
    if (least > 0) lines.push(`if (${to} - at < ${least}) return false;`);
    return to;
  }

  private word(words: readonly Uint8Array[], lines: string[]): string {
    const to = this.name("to");
    lines.push(`const ${to} = at + (${lengthOfWord(words)});`, `if (${to} < at) return false;`);
    return to;
  }

  /** What stands behind is written once, but for an option with a gap: that has to know the whole literal behind it. */
  private choice(
    options: readonly Part[][],
    rest: readonly Part[],
    behind: string,
    kept: readonly Kept[],
    lines: string[],
  ): void {
    const next = this.sequence(rest, behind);
    const tried = options.map((option) => {
      const [only] = option;
      if (only === undefined) return `${next}(bytes, at, end)`;
      if (only.kind === "literal" && option.length === 1)
        return `${isLiteral(only.bytes)} && ${next}(bytes, at + ${only.bytes.length}, end)`;
      const hasGap = option.some(({ kind }) => kind === "gap");
      const name = hasGap ? this.sequence(joined(option, rest), behind) : this.sequence(option, next);
      return `${name}(bytes, at, end)`;
    });
    lines.push(...orElse(tried.map((one) => `(${one})`).join(" || "), kept));
  }

  /** A hole that ends where the next literal stands; with none, at the end of the line. */
  private gap(
    part: Extract<Part, { kind: "gap" }>,
    rest: readonly Part[],
    behind: string,
    kept: Kept[],
    lines: string[],
  ): void {
    const [follower, ...others] = rest;
    if (follower === undefined) {
      kept.push(...gapKept(part, "at", "end"));
      lines.push(...orElse(behind === "" ? "true" : `${behind}(bytes, end, end)`, kept));
    } else if (follower.kind === "literal") {
      this.upTo(part, follower.bytes, this.sequence(rest, behind), kept, lines);
    } else if (follower.kind === "choice" && part.hole === "note") {
      const tried = follower.options.map((option) => this.sequence(joined([part], option, others), behind));
      lines.push(...orElse(tried.map((name) => `${name}(bytes, at, end)`).join(" || "), kept));
    } else throw new BadShape(this.text, `after a hole of type ${part.hole} a literal must follow`);
  }

  private upTo(
    part: Extract<Part, { kind: "gap" }>,
    sought: Uint8Array,
    next: string,
    kept: Kept[],
    lines: string[],
  ): void {
    const literal = this.constant(literalOf(sought));
    kept.push(...gapKept(part, "at", "to"));
    if (part.hole === "loose") {
      lines.push("let to = end;", `for (let i = 0; i < ${PLACES}; i++) {`);
      lines.push(`to = lastPlace(bytes, at, to, ${literal});`, "if (to < 0) return false;");
      lines.push(`if (${next}(bytes, to, end)) {`, ...kept.map(noted), "return true;", "}", "}");
      lines.push("return false;");
      return;
    }
    const find = part.hole === "note" ? "firstPlace" : "lastPlace";
    lines.push(`const to = ${find}(bytes, at, end, ${literal});`);
    lines.push(...orElse(`to >= 0 && ${next}(bytes, to, end)`, kept));
  }

  private name(kind: string): string {
    return `${kind}${this.names++}`;
  }

  private constant(value: unknown): string {
    const name = this.name("constant");
    this.functions.push(`const ${name} = constants[${this.constants.push(value) - 1}];`);
    return name;
  }
}

/** Returns whether `condition` holds; where it does, what was kept is noted. */
function orElse(condition: string, kept: readonly Kept[]): string[] {
  if (kept.length === 0) return [`return ${condition};`];
  return [`if (!(${condition})) return false;`, ...kept.map(noted), "return true;"];
}

function noted({ slot, from, to, isElements }: Kept): string {
  if (isElements) return `narrow(bytes, ${slot}, ${from}, ${to});`;
  return `captured[${slot}] = ${from};\ncaptured[${slot + 1}] = ${to};`;
}

function gapKept({ capture, hole }: Extract<Part, { kind: "gap" }>, from: string, to: string): Kept[] {
  return capture === undefined ? [] : [{ slot: SLOT[capture], from, to, isElements: hole === "elements" }];
}

function isLiteral(expected: Uint8Array): string {
  const bytes = Array.from(expected, (byte, index) => `bytes[at + ${index}] === ${byte}`);
  return [`end - at >= ${expected.length}`, ...bytes].join(" && ");
}

/** The length of the first of some words that stands there; -1 where none does. */
function lengthOfWord(words: readonly Uint8Array[]): string {
  return [...words.map((word) => `${isLiteral(word)} ? ${word.length}`), "-1"].join(" : ");
}

/** `192.0.2.7.` and `192.0.2.7:` end before the last byte, `2001:db8::` does not. */
function withoutPunctuation(bytes: Uint8Array, from: number, to: number): number {
  const last = bytes[to - 1];
  return to - from > 2 && (last === DOT || (last === COLON && bytes[to - 2] !== COLON)) ? to - 1 : to;
}

const DOT = 0x2e;
const COLON = 0x3a;

/** Of `user=<name>, method=PLAIN, ` captures the name: up to the last bracket, since a name may contain one. */
function narrow(bytes: Uint8Array, slot: number, from: number, to: number): void {
  const name = from + USER.length;
  let close = to - 1;
  while (close >= name && bytes[close] !== CLOSE) close--;
  const hasName = close >= name && isAt(bytes, from, USER);
  captured[slot] = hasName ? name : -1;
  captured[slot + 1] = close;
}

const USER = Buffer.from("user=<");
const CLOSE = 0x3e;

/** What the written functions call. */
const RUNTIME = { captured, firstPlace, lastPlace, narrow, withoutPunctuation };
