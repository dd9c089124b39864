/**
 * Keys in S3's order, which is that of their UTF-8 bytes. Held as strings of one character a byte, so that
 * JavaScript's comparison is the right one.
 */
export type SortedKeys = string[];

export function bytewise(key: string): string {
  return Buffer.from(key).toString("latin1");
}

export function fromBytewise(sorted: string): string {
  return Buffer.from(sorted, "latin1").toString();
}

/** Index of the first entry that is at least `wanted`. */
export function firstFrom(keys: SortedKeys, wanted: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The smallest string above all that begin with `prefix`; undefined where there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const kept = prefix.replace(/\u00ff+$/, "");
  if (kept === "") return undefined;
  return kept.slice(0, -1) + String.fromCharCode(kept.charCodeAt(kept.length - 1) + 1);
}

export function insertKey(keys: SortedKeys, key: string): void {
  const entry = bytewise(key);
  const at = firstFrom(keys, entry);
  if (keys[at] !== entry) keys.splice(at, 0, entry);
}

export function removeKey(keys: SortedKeys, key: string): void {
  const entry = bytewise(key);
  const at = firstFrom(keys, entry);
  if (keys[at] === entry) keys.splice(at, 1);
}
