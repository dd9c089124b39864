import type { ByteOffset } from "./counter.ts";

/** Bytes `[start, end)` of a log, decompressed. `end` is `Infinity` where the end is not known yet. */
export interface Range {
  start: ByteOffset;
  end: ByteOffset;
}

/** What of `range` lies in none of `covered`, in order. `covered` may overlap and stand in any order. */
export function subtract(range: Range, covered: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let start = range.start;
  for (const taken of inOrder(covered)) {
    if (taken.end <= start) continue;
    if (taken.start >= range.end) break;
    if (taken.start > start) gaps.push({ start, end: taken.start });
    start = taken.end;
  }
  if (start < range.end) gaps.push({ start, end: range.end });
  return gaps;
}

export function overlaps(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function inOrder<R extends Range>(ranges: readonly R[]): R[] {
  return [...ranges].sort((a, b) => a.start - b.start || a.end - b.end);
}

export function same(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end;
}
