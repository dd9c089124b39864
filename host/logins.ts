/**
 * Makes lib/logins.sed, by which `only-logins` of host/ship tells the lines that a login event can come from:
 *
 *     node host/logins.ts >host/lib/logins.sed
 *
 * Of each shape the two longest texts that every such line holds, in order: a line with both is kept. That keeps more than the
 * parser reads, and never less. Only characters count that JSON writers leave as they are, for logs that are JSON.
 */
import { pathToFileURL } from "node:url";
import type { Daemon } from "../functions/parse/daemon.ts";
import { daemons } from "../functions/parse/daemons.ts";
import { type Part, parseShape } from "../functions/parse/syntax.ts";

/** Texts of which one stands in each line of a shape. */
type Fragment = readonly string[];

/** A shape of which nothing is sure: then no line could be left out. */
export class NothingSure extends Error {
  override name = "NothingSure";
  constructor(daemon: string, shape: string) {
    super(`${daemon}: ${JSON.stringify(shape)} has no text that each of its lines holds; give it one`);
  }
}

/** The sed script: lines that match one of its patterns stay, of all others each byte becomes `_`. */
export function loginsScript(all: readonly Daemon[]): string {
  const lines = [
    "# Made by host/logins.ts from the shapes of functions/parse; for sed -E in the C locale.",
    "# journald gives a message that is no text as numbers: whether it tells of a login is not seen here.",
    '/"MESSAGE" ?: ?\\[/b',
    ...all.flatMap((daemon) => [`# ${daemon.name}`, `/${patternOf(daemon)}/b`]),
    "s/./_/g",
  ];
  return `${lines.join("\n")}\n`;
}

/** One pattern of them all: sed looks at the line once for each daemon. */
function patternOf(daemon: Daemon): string {
  const patterns = daemon.shapes
    .filter(({ meaning }) => meaning !== "nothing")
    .map(({ text }) => textsOf(daemon.name, text));
  // A daemon that cuts its messages goes on in the next line, whatever that holds: all of its lines stay
  const whole = daemon.longest === undefined ? [] : daemon.programs.map(quoted);
  return [...new Set([...whole, ...patterns])].join("|");
}

function textsOf(daemon: string, shape: string): string {
  const fragments = fragmentsOf(parseShape(shape));
  const [best, second] = [...fragments].sort((a, b) => sureness(b) - sureness(a));
  if (best === undefined) throw new NothingSure(daemon, shape);
  return fragments
    .filter((fragment) => fragment === best || fragment === second)
    .map((fragment) => oneOf(fragment.map(quoted)))
    .join(".*");
}

function fragmentsOf(parts: readonly Part[]): Fragment[] {
  return parts.flatMap((part): Fragment[] => {
    if (part.kind === "literal") return piecesOf(part.bytes).map((piece) => [piece]);
    if (part.kind === "word") return united(part.words.map((word) => piecesOf(word).map((piece) => [piece])));
    if (part.kind === "choice") return united(part.options.map(fragmentsOf));
    return [];
  });
}

/** Where one of some options stands: the best of each, if each has one. */
function united(options: readonly (readonly Fragment[])[]): Fragment[] {
  const best = options.map((fragments) => [...fragments].sort((a, b) => sureness(b) - sureness(a))[0]);
  return best.every((fragment) => fragment !== undefined) ? [[...new Set(best.flat())]] : [];
}

function piecesOf(bytes: Uint8Array): string[] {
  return (
    Buffer.from(bytes)
      .toString("latin1")
      .match(/[A-Za-z0-9 .,:()_*-]+/g) ?? []
  );
}

/** The length of what stands there at least. */
function sureness(fragment: Fragment): number {
  return Math.min(...fragment.map(({ length }) => length));
}

function oneOf(options: readonly string[]): string {
  return options.length === 1 ? options[0]! : `(${options.join("|")})`;
}

/** For an extended regular expression between slashes. */
function quoted(text: string): string {
  return text.replace(/[.()*+?[\]{}|^$/]/g, "[$&]");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  process.stdout.write(loginsScript(daemons));
