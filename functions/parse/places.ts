/** Where a literal stands: Horspool's search, which looks at one byte in as many as the literal has, from either end. */
export interface Literal {
  bytes: Uint8Array;
  /** How far to go on by the byte that would be the literal's last (forwards) or first (backwards). */
  forwards: Uint8Array;
  backwards: Uint8Array;
}

export function literalOf(bytes: Uint8Array): Literal {
  const { length } = bytes;
  const forwards = new Uint8Array(256).fill(Math.min(length, 255));
  const backwards = new Uint8Array(256).fill(Math.min(length, 255));
  for (let i = 0; i < length - 1; i++) forwards[bytes[i]!] = Math.min(length - 1 - i, 255);
  for (let i = length - 1; i > 0; i--) backwards[bytes[i]!] = Math.min(i, 255);
  return { bytes, forwards, backwards };
}

/** The first place in `[at, end)`, or -1. */
export function firstPlace(
  bytes: Uint8Array,
  at: number,
  end: number,
  { bytes: sought, forwards }: Literal,
): number {
  const last = sought.length - 1;
  const final = sought[last];
  for (let place = at; place + last < end; ) {
    const byte = bytes[place + last]!;
    if (byte === final && isAt(bytes, place, sought)) return place;
    place += forwards[byte]!;
  }
  return -1;
}

/** The last place in `[at, end)`, or -1. */
export function lastPlace(
  bytes: Uint8Array,
  at: number,
  end: number,
  { bytes: sought, backwards }: Literal,
): number {
  const initial = sought[0];
  for (let place = end - sought.length; place >= at; ) {
    const byte = bytes[place]!;
    if (byte === initial && isAt(bytes, place, sought)) return place;
    place -= backwards[byte]!;
  }
  return -1;
}

/** Whether `text` stands at `place`, before `end`. */
export function startsWith(bytes: Uint8Array, place: number, end: number, text: Uint8Array): boolean {
  return end - place >= text.length && isAt(bytes, place, text);
}

/** Whether `sought` stands at `place`; there must be so many bytes. */
export function isAt(bytes: Uint8Array, place: number, sought: Uint8Array): boolean {
  const { length } = sought;
  for (let i = 0; i < length; i++) if (bytes[place + i] !== sought[i]) return false;
  return true;
}
