import type { AddressHistory } from "./counter.ts";
import { historyOfTallies, type TallyPart } from "./tally-history.ts";
import { addressesOf, packAway } from "./tally-order.ts";

/** 32 MiB of where addresses' entries begin. */
const MANY_STARTS = 2 ** 23;

/**
 * Address by address, in the order in which they were first seen: rows of all would need much memory.
 * @param parts tallies with one address book, of so many addresses
 * @param most numbers that tell where entries begin, together
 */
export function* historiesOf(
  parts: readonly TallyPart[],
  addresses: number,
  most = MANY_STARTS,
): Generator<AddressHistory> {
  // a tally that is not packed knows of each address where its entries begin
  if (parts.length > 1 && parts.length * addresses > most) for (const { tally } of parts) packAway(tally);
  const [first, ...others] = parts;
  // most scans are of one log: no list for each of a million addresses
  if (first !== undefined && others.length === 0)
    for (const number of addressesOf(first.tally)) yield historyOfTallies(number, parts);
  else yield* historiesOfMany(parts, addresses);
}

/** Goes over the addresses of each part, not over all parts for each address: a fleet has many of both. */
function* historiesOfMany(parts: readonly TallyPart[], addresses: number): Generator<AddressHistory> {
  const lists = parts.map(({ tally }) => addressesOf(tally));
  const ends = new Uint32Array(addresses + 1);
  for (const list of lists) for (const number of list) ends[number]!++;
  for (let number = 1; number <= addresses; number++) ends[number]! += ends[number - 1]!;
  // of each address the parts that hold something of it: from the last one on, so that they are in order then
  const own = new Uint32Array(ends[addresses]!);
  for (let part = parts.length - 1; part >= 0; part--)
    for (const number of lists[part]!) own[--ends[number]!] = part;
  for (let number = 0; number < addresses; number++) {
    const [from, to] = [ends[number]!, ends[number + 1]!];
    if (from === to) continue;
    const seen = Array.from(own.subarray(from, to), (part) => parts[part]!);
    yield historyOfTallies(number, seen);
  }
}
