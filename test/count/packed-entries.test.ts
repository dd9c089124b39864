import fc from "fast-check";
import { expect, test } from "vitest";
import { MOST } from "../../functions/count/entries.ts";
import { PackedEntries } from "../../functions/count/packed-entries.ts";
import {
  codeAndUser,
  eventsAndSpan,
  MOST_CODES,
  MOST_EVENTS,
  MOST_SPAN,
  MOST_USERS,
  WIDTH,
} from "../../functions/parse/login-entry.ts";

/** Often little, as most are, and sometimes as much as can be. */
const upTo = (most: number) => fc.oneof(fc.nat(2), fc.nat(most), fc.constant(most));

const entry = fc.record({
  code: upTo(MOST_CODES - 1),
  user: upTo(MOST_USERS),
  attempts: upTo(MOST),
  first: fc.oneof(fc.nat(7200), fc.nat(MOST), fc.constant(MOST)),
  events: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: MOST_EVENTS })),
  span: upTo(MOST_SPAN),
});

const addresses = fc.uniqueArray(
  fc.record({ address: fc.nat(50), entries: fc.array(entry, { minLength: 1, maxLength: 40 }) }),
  { selector: ({ address }) => address },
);

test("entries are what they were before they were packed, whomever is asked for", () => {
  fc.assert(
    fc.property(addresses, fc.array(fc.nat(60)), (all, asked) => {
      const values = new Map(all.map(({ address, entries }) => [address, valuesOf(address, entries)]));
      const packed = packedFrom(values);
      expect(packed.size).toBe(values.size);
      for (const address of [...values.keys(), ...asked])
        expect(unpacked(packed, address)).toEqual(values.get(address) ?? new Uint32Array(0));
      const seen = new Map<number, Uint32Array>();
      packed.eachAddress((address, own, to) => seen.set(address, own.slice(0, to * WIDTH)));
      expect([...seen]).toEqual([...values].sort(([a], [b]) => a - b));
    }),
  );
});

test("a few bytes an entry, however many addresses and entries there are", () => {
  const entries = Array.from({ length: 60 }, (_, n) => ({
    ...USUAL,
    first: FIRST + n * 1800,
    user: n * 400,
  }));
  const values = new Map<number, Uint32Array>();
  for (let address = 0; address < 4_000; address++) values.set(address, valuesOf(address, entries));
  // one that takes more than a chunk
  const many = Array.from({ length: 300_000 }, (_, n) => ({ ...USUAL, first: FIRST + n, user: n }));
  values.set(4_000, valuesOf(4_000, many));
  const packed = packedFrom(values);
  for (const address of [4_000, 0, 3_999, 7, 8])
    expect(bytesOf(unpacked(packed, address)).equals(bytesOf(values.get(address)!))).toBe(true);
  // what is private is looked at, as nothing else tells how large it is
  const { chunks } = packed as unknown as { chunks: Uint8Array[] };
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  expect(bytes).toBeLessThan((4_000 * 60 + 300_000) * 7);
});

const FIRST = Date.UTC(2026, 10, 24) / 1000;
const USUAL = { code: 700, attempts: 1, events: 1, span: 0 };

type Entry = typeof USUAL & { user: number; first: number };

/** In the order of time. */
function valuesOf(address: number, entries: readonly Entry[]): Uint32Array {
  const inOrder = entries.toSorted((a, b) => a.first - b.first);
  return Uint32Array.from(
    inOrder.flatMap(({ code, user, attempts, first, events, span }) => [
      ...[address, codeAndUser(code, user), attempts, first, eventsAndSpan(events, span)],
    ]),
  );
}

function packedFrom(values: ReadonlyMap<number, Uint32Array>): PackedEntries {
  const packed = new PackedEntries(values.size, 0);
  for (const [address, own] of [...values].sort(([a], [b]) => a - b))
    packed.add(address, own, 0, own.length / WIDTH);
  packed.close();
  return packed;
}

/** Behind another entry. */
function unpacked(packed: PackedEntries, address: number): Uint32Array {
  const size = packed.sizeOf(address);
  const values = new Uint32Array((size + 1) * WIDTH);
  expect(packed.unpack(address, values, 1)).toBe(size + 1);
  expect(values.subarray(0, WIDTH)).toEqual(new Uint32Array(WIDTH));
  return values.subarray(WIDTH);
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
