import { expect, test } from "vitest";
import { hostsOf, touchHost } from "../../functions/store/ledger.ts";
import { noteOwnAddresses, ownAddresses } from "../../functions/store/own-addresses.ts";
import { startSystem } from "../handlers.ts";

const NOW = 1_795_489_200;
const addresses = Array.from({ length: 16 }, (_, n) => `192.0.2.${n + 10}`);

test("a host's own addresses hold while it goes on naming them, sixteen too, and then no longer", async () => {
  const { table } = (await startSystem()).store;
  await noteOwnAddresses(table, "mx1", addresses, NOW + 10);
  expect(await ownAddresses(table, NOW)).toEqual([...addresses].sort());
  expect(await ownAddresses(table, NOW + 10)).toEqual([]);
  await noteOwnAddresses(table, "mx1", ["192.0.2.99"], NOW + 20);
  expect(await ownAddresses(table, NOW + 10)).toEqual([...addresses].sort());
});

test("a host of which all has expired is none", async () => {
  const { table } = (await startSystem()).store;
  await touchHost(table, { host: "mx1", seen: NOW, newest: NOW }, NOW + 10);
  await touchHost(table, { host: "mx2", seen: NOW, newest: NOW }, NOW + 20);
  expect((await hostsOf(table, NOW)).map(({ host }) => host)).toEqual(["mx1", "mx2"]);
  expect((await hostsOf(table, NOW + 10)).map(({ host }) => host)).toEqual(["mx2"]);
});
