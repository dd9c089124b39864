import { createHash } from "node:crypto";
import { MOST_USERS } from "../parse/login-entry.ts";

/** Different users kept per address and day; further ones count as attempts only. */
export const USERS_TRACKED = 256;

/** Names in a book, and bytes of them. */
const MOST = { names: MOST_USERS, bytes: 2 ** 25 };
/** Room that is left for users who log in: names that were only tried can be made up in any number. */
const FOR_PROPER = { names: 2 ** 17, bytes: 2 ** 23 };

/** Characters kept of a name. Clients type what they like; longer ones go on with their hash. */
const LONGEST = 128;

/** Places looked at for a name. Whoever makes up names that crowd together gets them into a map that nobody can crowd. */
const PROBES = 16;

/**
 * Names of users, numbered from 1 in the order in which they come. A name takes its bytes and some 24 to 40 more, since no text is
 * kept of it: that is made when somebody asks.
 */
export class NameBook {
  size = 0;
  private bytes = Buffer.allocUnsafe(2 ** 12);
  /** Where each name ends, by number; 0 for none. */
  private ends = new Uint32Array(2 ** 8);
  private hashes = new Uint32Array(2 ** 8);
  /** Open addressing, linear probing: a name's hash, and beside it its number, 0 where the slot is free. */
  private slots = new Uint32Array(2 ** 9);
  /** Names that found no slot within reach. */
  private readonly crowded = new Map<string, number>();

  /** Whether there is room for three times as many names, or bytes of them, as it holds. */
  get isRoomy(): boolean {
    return this.size * 4 <= MOST.names && this.ends[this.size]! * 4 <= MOST.bytes;
  }

  /**
   * The number of the name that UTF-8 bytes `[from, to)` are; 0 for a new one where there are too many.
   * @param isProper whether its user has logged in
   */
  numberIn(bytes: Buffer, from: number, to: number, isProper: boolean): number {
    // what is ASCII is its own canonical form
    if (to - from <= LONGEST && isAscii(bytes, from, to)) return this.find(bytes, from, to, isProper);
    return this.numberOf(bytes.toString("utf8", from, to), isProper);
  }

  numberOf(user: string, isProper: boolean): number {
    const bytes = Buffer.from(boundedName(user));
    return this.find(bytes, 0, bytes.length, isProper);
  }

  nameOf(number: number): string {
    return this.bytes.toString("utf8", this.ends[number - 1], this.ends[number]);
  }

  /** Below 0 where the first one's text comes before the second one's. Makes texts only of what is not ASCII. */
  compare(a: number, b: number): number {
    const { bytes, ends } = this;
    const endA = ends[a]!;
    const endB = ends[b]!;
    let placeA = ends[a - 1]!;
    let placeB = ends[b - 1]!;
    for (; placeA < endA && placeB < endB; placeA++, placeB++) {
      const byteA = bytes[placeA]!;
      const byteB = bytes[placeB]!;
      if (byteA === byteB) continue;
      // texts are compared by their UTF-16
      if (byteA >= 0x80 || byteB >= 0x80) return this.nameOf(a) < this.nameOf(b) ? -1 : 1;
      return byteA - byteB;
    }
    return endA - placeA - (endB - placeB);
  }

  /** Depends on the name alone. */
  hashOf(number: number): number {
    return this.hashes[number]!;
  }

  private find(bytes: Buffer, from: number, to: number, isProper: boolean): number {
    const hash = hashOf(bytes, from, to);
    const slot = this.slotOf(bytes, from, to, hash);
    const known = slot < 0 ? this.crowded.get(bytes.toString("utf8", from, to)) : this.slots[slot + 1];
    if (known) return known;
    if (!this.hasRoom(to - from, isProper)) return 0;
    const number = this.append(bytes, from, to, hash);
    this.place(number, slot);
    if (this.size * 4 > this.slots.length) this.rehash();
    return number;
  }

  /** Where a name is, or belongs; -1 where there is no slot within reach. */
  private slotOf(bytes: Buffer, from: number, to: number, hash: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = scattered(hash) & mask & ~1;
    for (let probe = 0; probe < PROBES; probe++) {
      const number = slots[slot + 1]!;
      if (number === 0 || (slots[slot] === hash && this.holds(number, bytes, from, to))) return slot;
      slot = (slot + 2) & mask;
    }
    return -1;
  }

  private place(number: number, slot: number): void {
    if (slot < 0) this.crowded.set(this.nameOf(number), number);
    else {
      this.slots[slot] = this.hashes[number]!;
      this.slots[slot + 1] = number;
    }
  }

  private holds(number: number, bytes: Buffer, from: number, to: number): boolean {
    const begin = this.ends[number - 1]!;
    const length = to - from;
    if (this.ends[number]! - begin !== length) return false;
    for (let i = 0; i < length; i++) if (this.bytes[begin + i] !== bytes[from + i]) return false;
    return true;
  }

  private hasRoom(length: number, isProper: boolean): boolean {
    const names = isProper ? MOST.names : MOST.names - FOR_PROPER.names;
    const bytes = isProper ? MOST.bytes : MOST.bytes - FOR_PROPER.bytes;
    return this.size < names && this.ends[this.size]! + length <= bytes;
  }

  private append(bytes: Buffer, from: number, to: number, hash: number): number {
    const begin = this.ends[this.size]!;
    const end = begin + to - from;
    const number = ++this.size;
    if (number === this.ends.length) {
      this.ends = larger(this.ends);
      this.hashes = larger(this.hashes);
    }
    while (end > this.bytes.length) this.bytes = Buffer.concat([this.bytes], this.bytes.length * 2);
    bytes.copy(this.bytes, begin, from, to);
    this.ends[number] = end;
    this.hashes[number] = hash;
    return number;
  }

  /** At most half of the slots are taken, so that few places are looked at. */
  private rehash(): void {
    this.slots = new Uint32Array(this.slots.length * 2);
    this.crowded.clear();
    for (let number = 1; number <= this.size; number++) {
      const from = this.ends[number - 1]!;
      this.place(number, this.slotOf(this.bytes, from, this.ends[number]!, this.hashes[number]!));
    }
  }
}

function isAscii(bytes: Buffer, from: number, to: number): boolean {
  let all = 0;
  for (let at = from; at < to; at++) all |= bytes[at]!;
  return all < 0x80;
}

/** FNV-1a. */
function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash >>> 0;
}

/** The low bits of FNV's hash are its worst. */
function scattered(hash: number): number {
  return hash ^ (hash >>> 15);
}

/** A name no longer than LONGEST; by way of bytes, as a part of a string would keep the whole in memory. */
function boundedName(user: string): string {
  if (user.length <= LONGEST) return user;
  const hash = createHash("sha256").update(user).digest("hex").slice(0, 16);
  return Buffer.from(`${user.slice(0, LONGEST - 17)}~${hash}`).toString();
}

/** What was there is given back, so that no array waits for the collector. */
function larger(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  return new Uint32Array(numbers.buffer.transfer(numbers.byteLength * 2));
}
