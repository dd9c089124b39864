import { digits } from "./digits.ts";
import { numbersAt, reserve } from "./memory.ts";
import { type CaptureName, captures } from "./syntax.ts";

/** Where in `captured` a capture's place begins: its first byte, then the byte behind it. */
export const SLOT = Object.fromEntries(captures.map((name, index) => [name, index * 2])) as Record<
  CaptureName,
  number
>;

export const {
  ip: IP,
  user: USER,
  attempts: ATTEMPTS,
  succeeded: SUCCEEDED,
  service: SERVICE,
  lip: LIP,
  forwarded: FORWARDED,
  session: SESSION,
} = SLOT;

/** Where in the matchers' memory `captured` is. */
export const CAPTURED = reserve(captures.length * 8);

/** Where what the last shape that fitted has captured is in that memory; the first of a pair is -1 where it captured nothing. */
export const captured = numbersAt(CAPTURED, captures.length * 2);

/** Before a message is matched: only what fits to the end captures, so once is enough for all shapes that are tried. */
export function forgetCaptured(): void {
  for (let slot = 0; slot < captured.length; slot += 2) captured[slot] = -1;
}

export function textCaptured(bytes: Buffer, slot: number): string {
  return bytes.toString("latin1", captured[slot]!, captured[slot + 1]!);
}

/** Failed tries: those that the line counts, less those that worked, or the one that it is about. */
export function attemptsCaptured(bytes: Buffer): number {
  if (captured[ATTEMPTS]! < 0) return 1;
  const worked = captured[SUCCEEDED]! < 0 ? 0 : numberCaptured(bytes, SUCCEEDED);
  return numberCaptured(bytes, ATTEMPTS) - worked;
}

function numberCaptured(bytes: Buffer, slot: number): number {
  const from = captured[slot]!;
  return digits(bytes, from, captured[slot + 1]! - from);
}
