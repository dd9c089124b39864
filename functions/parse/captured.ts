import { type CaptureName, captures } from "./syntax.ts";

/** Where in `captured` a capture's place begins: its first byte, then the byte behind it. */
export const SLOT = Object.fromEntries(captures.map((name, index) => [name, index * 2])) as Record<
  CaptureName,
  number
>;

/** Offsets of what the last shape that fitted has captured; the first of a pair is -1 where it captured nothing. */
export const captured = new Int32Array(captures.length * 2);

/** Before a message is matched: only what fits to the end captures, so once is enough for all shapes that are tried. */
export function forgetCaptured(): void {
  for (let slot = 0; slot < captured.length; slot += 2) captured[slot] = -1;
}
