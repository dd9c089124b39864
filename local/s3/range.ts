import { S3Error } from "./errors.ts";

/** Bytes `[start, end)` of an object. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Header Range (RFC 9110 section 14): one range, `bytes=0-9`, `bytes=10-` or `bytes=-5`.
 * Undefined (the whole object) for none, for several, and for what cannot be read, as S3 does.
 * @throws S3Error InvalidRange where no byte of the object lies in it
 */
export function readRange(text: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [first, last] = [match[1]!, match[2]!];
  const range =
    first === ""
      ? { start: Math.max(0, size - Number(last)), end: size }
      : { start: Number(first), end: last === "" ? size : Math.min(size, Number(last) + 1) };
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  if (range.start >= size || range.end <= range.start) {
    throw new S3Error("InvalidRange", "The requested range is not satisfiable", {
      RangeRequested: text!,
      ActualObjectSize: String(size),
    });
  }
  return range;
}
