/**
 * Deltas: how to make one blocklist.tsv of another. Lines, each ended by LF:
 *
 *     =N                 the next N lines of the old list
 *     -N                 leave out the next N lines of the old list
 *     NETWORK<TAB>UNTIL  a new line
 *
 * A network whose ban has changed is a line left out and a new one. Nothing of the old list is taken that is not named.
 * So a shell applies one with awk, without knowing how networks are ordered, and checks the result by the SHA-256 of
 * blocklist.tsv in the manifest: whatever is wrong with a delta, the whole list is fetched instead.
 */

/** The file's name: `from-<serial>-<hash>.tsv`, after the folder of the list that it starts from. */
export function deltaName(oldFolder: string): string {
  return `from-${oldFolder.slice(oldFolder.indexOf("/") + 1)}.tsv`;
}

/** The folder of the list that a delta starts from; undefined for the names of other files. */
export function oldFolderOf(file: string): string | undefined {
  const match = /^from-(\d{1,15}-[0-9a-f]{16})\.tsv$/.exec(file);
  return match === null ? undefined : `blocklist/${match[1]}`;
}

/** The delta from one list to another, both as blocklist.tsv. Linear in time and memory; short where much is common. */
export function deltaOf(old: string, next: string): string {
  const before = linesOf(old);
  const places = new Map(before.map((line, place) => [line, place]));
  const delta: string[] = [];
  let at = 0;
  let copied = 0;
  const copy = () => {
    if (copied > 0) delta.push(`=${copied}`);
    copied = 0;
  };
  for (const line of linesOf(next)) {
    const place = places.get(line);
    // never back: both are in the order of the networks, unless one of them is none of ours
    if (place === undefined || place < at) {
      copy();
      delta.push(line);
      continue;
    }
    if (place > at) {
      copy();
      delta.push(`-${place - at}`);
    }
    copied++;
    at = place + 1;
  }
  copy();
  return delta.map((line) => `${line}\n`).join("");
}

/** The new list. @throws BadDelta where the delta is malformed or wants more lines than the old list has. */
export function applyDelta(old: string, delta: string): string {
  const before = linesOf(old);
  const next: string[] = [];
  let at = 0;
  for (const line of linesOf(delta)) {
    const [, sign, digits] = /^([=-])([1-9]\d{0,8})$/.exec(line) ?? [];
    if (sign === undefined && !/^[0-9a-f.:/]+\t\d+$/.test(line))
      throw new BadDelta(`${JSON.stringify(line.slice(0, 80))} is no line of a delta`);
    const count = Number(digits ?? 0);
    if (at + count > before.length) throw new BadDelta("it wants more lines than the old list has");
    if (sign === "=") for (let n = 0; n < count; n++) next.push(before[at + n]!);
    if (sign === undefined) next.push(line);
    at += count;
  }
  return next.map((line) => `${line}\n`).join("");
}

/** Thrown for a delta that cannot be applied to this list: fetch the whole list. */
export class BadDelta extends Error {
  override name = "BadDelta";
  constructor(problem: string) {
    super(`the delta cannot be applied: ${problem}`);
  }
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.slice(0, text.endsWith("\n") ? -1 : undefined).split("\n");
}
