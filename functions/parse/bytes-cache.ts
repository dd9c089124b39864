/** Longest key that is kept: an address, most user names. Longer ones are made anew each time. */
const LONGEST = 40;

/**
 * Remembers what was made of some bytes, so that a log that names the same thing a million times makes it once.
 * Of fixed size: a new key takes the place of an old one with the same slot.
 */
export class BytesCache<Value> {
  private readonly make: (bytes: Buffer, from: number, to: number) => Value;
  private readonly mask: number;
  private readonly keys: Uint8Array;
  private readonly lengths: Uint8Array;
  private readonly values: Value[] = [];

  /** `slots` is a power of two. `make` must be a pure function of the bytes. */
  constructor(slots: number, make: (bytes: Buffer, from: number, to: number) => Value) {
    this.make = make;
    this.mask = slots - 1;
    this.keys = new Uint8Array(slots * LONGEST);
    this.lengths = new Uint8Array(slots);
  }

  get(bytes: Buffer, from: number, to: number): Value {
    const length = to - from;
    if (length > LONGEST || length === 0) return this.make(bytes, from, to);
    let hash = length;
    for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
    const slot = (hash ^ (hash >>> 15)) & this.mask;
    if (this.lengths[slot] === length && this.holds(slot * LONGEST, bytes, from, length))
      return this.values[slot]!;
    const value = this.make(bytes, from, to);
    for (let i = 0, key = slot * LONGEST; i < length; i++) this.keys[key + i] = bytes[from + i]!;
    this.lengths[slot] = length;
    this.values[slot] = value;
    return value;
  }

  private holds(key: number, bytes: Buffer, from: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (this.keys[key + i] !== bytes[from + i]) return false;
    return true;
  }
}
