import { createHash } from "node:crypto";

/** Bytes of a line that are hashed. */
export const FINGERPRINT_BYTES = 1024;

/**
 * A line's hash: SHA-256 of its bytes as they lie in the log, without the newline (a carriage return before it
 * belongs to them), cut to 1,024; the first 16 hex digits. The first complete line's is the fingerprint of the
 * stream, a range's last line's tells whether another object continues it. In a shell:
 * `head -n 1 LOG | tr -d '\n' | head -c 1024 | sha256sum | cut -c 1-16`.
 */
export function fingerprintOf(line: Uint8Array): string {
  return createHash("sha256").update(line.subarray(0, FINGERPRINT_BYTES)).digest("hex").slice(0, 16);
}
