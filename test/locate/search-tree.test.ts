import { describe, expect, test } from "vitest";
import { readDatabase } from "../../functions/locate/database.ts";
import { ipv4Tree, ipv6Tree } from "../../functions/locate/search-tree.ts";

/** Leads addresses from 128.0.0.0 on to record 500, 64.0.0.0/2 to 16,909,060 if that fits, the others to nothing. */
const NODES = [
  [1, 500],
  [3, 0x1020304],
];
const NOTHING = 3;

/** https://maxmind.github.io/MaxMind-DB/, "Node Layout". */
function treeOf(nodes: readonly number[][], size: number): Uint8Array {
  const bits = nodes.map(([left = 0, right = 0]) => {
    const [a, b] = [left, right].map((record) => record.toString(2).padStart(size, "0").slice(-size));
    // of 28 bits, the four highest of both stand in the middle
    return size === 28 ? `${a!.slice(4)}${a!.slice(0, 4)}${b!.slice(0, 4)}${b!.slice(4)}` : `${a}${b}`;
  });
  return Uint8Array.from(bits.join("").match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2));
}

describe.each([24, 28, 32])("a tree with records of %i bits", (size) => {
  const metadata = { recordSize: size, nodeCount: 3, nodeByteSize: size / 4, ipVersion: 4 };
  const recordOf = ipv4Tree(treeOf(NODES, size), metadata);
  test.each([
    ["255.0.0.0", 0xff000000, 500],
    ["64.1.2.3", 0x40010203, 0x1020304 % 2 ** size],
    ["1.1.1.1", 0x01010101, NOTHING],
  ])("leads %s to its record", (_, value, record) => {
    expect(recordOf(value)).toBe(record);
  });
  test("leads IPv6 addresses by their first bits, too", () => {
    const ipv6 = ipv6Tree(treeOf(NODES, size), { ...metadata, ipVersion: 6 });
    expect(ipv6(0xffffn << 112n)).toBe(500);
    expect(ipv6(0x4001n << 112n)).toBe(0x1020304 % 2 ** size);
    expect(ipv6(1n)).toBe(NOTHING);
  });
});

test("a damaged tree ends", () => {
  const database = readDatabase().subarray(0, 1000);
  const metadata = { recordSize: 24, nodeCount: 1e6, nodeByteSize: 6, ipVersion: 6 };
  expect(ipv4Tree(database, metadata)(0x01020304)).toBeTypeOf("number");
  expect(ipv6Tree(database, metadata)(0x2a02n << 112n)).toBeTypeOf("number");
});
