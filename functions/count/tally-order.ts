/** A tally's entries in order: put there, packed where they are too many for one array, and read out address by address. */
import { putInOrder } from "./entry-order.ts";
import { PackedEntries } from "./packed-entries.ts";
import type { Tally } from "./tally.ts";
import { UnpackedEntries } from "./unpacked-entries.ts";
import { limitUsers } from "./user-limit.ts";

/** Entries `[from, to)` of one address, in order. */
export interface AddressEntries {
  values: Uint32Array;
  from: number;
  to: number;
}

/** Puts the entries in order, if they are not; tells where those of each address begin. */
export function settle(tally: Tally): Uint32Array<ArrayBuffer> {
  if (tally.starts !== undefined) return tally.starts;
  const { values, size, starts } = putInOrder(tally.entries, tally.addresses.size, limitUsers(tally.users));
  tally.entries = { values, size };
  tally.starts = starts;
  return starts;
}

/** So many packs of one level become one of the next. */
const PACKS = 8;

/** Packs what is in the array of entries, and empties that. */
export function pack(tally: Tally): void {
  if (tally.entries.size === 0) return;
  const starts = settle(tally);
  const addresses = addressesBetween(starts);
  const packed = new PackedEntries(addresses.length, 0);
  for (const address of addresses)
    packed.add(address, tally.entries.values, starts[address]!, starts[address + 1]!);
  packed.close();
  tally.entries.size = 0;
  tally.starts = undefined;
  starts.buffer.transfer(0);
  addPacks(tally, [packed]);
}

/** Those that have entries where each one's begin at `starts`. */
function addressesBetween(starts: Uint32Array): Uint32Array {
  let count = 0;
  for (let address = 0; address + 1 < starts.length; address++)
    if (starts[address]! < starts[address + 1]!) count++;
  const addresses = new Uint32Array(count);
  for (let address = 0, at = 0; at < count; address++)
    if (starts[address]! < starts[address + 1]!) addresses[at++] = address;
  return addresses;
}

/** The same, and gives the array back: for a tally that waits, or is read out. */
export function packAway(tally: Tally): void {
  if (tally.entries.values.length === 0) return;
  pack(tally);
  tally.entries.values.buffer.transfer(0);
  tally.entries = { values: new Uint32Array(0), size: 0 };
}

/** Adds packs, and makes one of as many as are of one level: what several hold of an hour, code and user is one then. */
export function addPacks(tally: Tally, packs: readonly PackedEntries[]): void {
  for (const one of packs) {
    tally.packs.push(one);
    for (let last = alikeIn(tally); last.length === PACKS; last = alikeIn(tally))
      tally.packs = [...tally.packs.filter((other) => !last.includes(other)), merged(tally, last)];
  }
  tally.unpacked = undefined;
}

/** The packs of the last one's level. */
function alikeIn({ packs }: Tally): PackedEntries[] {
  return packs.filter(({ level }) => level === packs.at(-1)!.level);
}

function merged(tally: Tally, packs: readonly PackedEntries[]): PackedEntries {
  const sizes = packs.reduce((sum, { size }) => sum + size, 0);
  const all = new PackedEntries(Math.min(sizes, tally.addresses.size), packs[0]!.level + 1);
  const one = new UnpackedEntries();
  for (let address = 0; address < tally.addresses.size; address++) {
    one.unpack(address, packs, tally.users);
    if (one.to > 0) all.add(address, one.values, 0, one.to);
  }
  all.close();
  return all;
}

/** The entries of the address of that number; none where the tally has none. Good until those of another are asked for. */
export function entriesOf(tally: Tally, address: number): AddressEntries {
  if (tally.packs.length === 0) {
    const starts = settle(tally);
    const to = starts[address + 1] ?? 0;
    return { values: tally.entries.values, from: starts[address] ?? to, to };
  }
  packAway(tally);
  tally.unpacked ??= new UnpackedEntries();
  if (tally.unpacked.address !== address) tally.unpacked.unpack(address, tally.packs, tally.users);
  return tally.unpacked;
}

/** Numbers of the addresses that the tally holds anything of, in order. */
export function addressesOf(tally: Tally): Uint32Array {
  if (tally.packs.length === 0) return addressesBetween(settle(tally));
  packAway(tally);
  const [first, ...others] = tally.packs;
  if (others.length === 0) return first!.addresses;
  const all = new Uint32Array(tally.packs.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  for (const { addresses } of tally.packs) {
    all.set(addresses, at);
    at += addresses.length;
  }
  return distinctOf(all.sort());
}

function distinctOf(inOrder: Uint32Array): Uint32Array {
  let size = 0;
  for (let at = 0; at < inOrder.length; at++)
    if (at === 0 || inOrder[at] !== inOrder[size - 1]) inOrder[size++] = inOrder[at]!;
  return inOrder.subarray(0, size);
}

/** Calls back with all entries, some at a time and in no particular order: `[0, to)`. */
export function forAllEntries(
  { entries, packs }: Tally,
  each: (values: Uint32Array, to: number) => void,
): void {
  each(entries.values, entries.size);
  for (const packed of packs) packed.eachAddress((_, values, to) => each(values, to));
}
