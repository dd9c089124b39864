import { formatIpv4, ipv4Value, readAddress, readIpv4 } from "./address.ts";
import { BytesCache } from "./bytes-cache.ts";
import type { Address } from "./event.ts";

const FIRST_SLOTS = 2048;

/** Slots of the memory for addresses that are no IPv4 text. */
const OTHER_TEXTS = 4096;

/**
 * Addresses, numbered in the order in which they come. An IPv4 address takes a dozen bytes, since no text is kept of it:
 * that is made when somebody asks.
 */
export class AddressBook {
  size = 0;
  /** By number: what the IPv4 address is as 32 bits. */
  private values = new Uint32Array(FIRST_SLOTS / 2);
  /** Open addressing, linear probing: an IPv4 address as 32 bits, and beside it its number and one, 0 where the slot is free. */
  private slots = new Uint32Array(FIRST_SLOTS * 2);
  private taken = 0;
  /** IPv6. */
  private readonly others = new Map<Address, number>();
  private readonly texts = new Map<number, Address>();
  private readonly read = new BytesCache<number>(OTHER_TEXTS, (bytes, from, to) => {
    const address = readAddress(bytes, from, to);
    return address === undefined ? -1 : this.numberOf(address);
  });

  /** The number of the address that bytes `[from, to)` name; -1 where they name none. */
  numberIn(bytes: Buffer, from: number, to: number): number {
    const value = readIpv4(bytes, from, to);
    return value < 0 ? this.read.get(bytes, from, to) : this.numberOfIpv4(value);
  }

  /** The number of a canonical address. */
  numberOf(address: Address): number {
    const value = ipv4Value(address);
    if (value >= 0) return this.numberOfIpv4(value);
    const known = this.others.get(address);
    if (known !== undefined) return known;
    const number = this.next();
    this.others.set(address, number);
    this.texts.set(number, address);
    return number;
  }

  /** The number of a canonical address, or -1 where it has none yet. */
  find(address: Address): number {
    const value = ipv4Value(address);
    return value < 0 ? (this.others.get(address) ?? -1) : this.slots[this.slotOf(value) + 1]! - 1;
  }

  addressOf(number: number): Address {
    return this.texts.get(number) ?? formatIpv4(this.values[number]!);
  }

  private numberOfIpv4(value: number): number {
    const slot = this.slotOf(value);
    const found = this.slots[slot + 1]!;
    if (found > 0) return found - 1;
    const number = this.next();
    this.values[number] = value;
    this.slots[slot] = value;
    this.slots[slot + 1] = number + 1;
    if (++this.taken * 4 > this.slots.length) this.rehash();
    return number;
  }

  private next(): number {
    if (this.size === this.values.length) {
      const values = new Uint32Array(this.size * 2);
      values.set(this.values);
      this.values = values;
    }
    return this.size++;
  }

  /** Where an IPv4 address is found, or belongs. */
  private slotOf(value: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = (scattered(value) * 2) & mask;
    while (slots[slot] !== value && slots[slot + 1] !== 0) slot = (slot + 2) & mask;
    return slot;
  }

  /** At most half of the slots are taken, so probing stays short. */
  private rehash(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      const slot = this.slotOf(old[from]!);
      this.slots[slot] = old[from]!;
      this.slots[slot + 1] = old[from + 1]!;
    }
  }
}

/** Murmur3's finaliser. */
function scattered(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
