import { type CountryResponse, Reader, type Response } from "mmdb-lib";
import { embeddedIpv4 } from "../decide/embedded.ts";
import { parseNetwork } from "../decide/network.ts";
import { networkSet } from "../decide/network-set.ts";
import { NEVER_BANNED } from "../decide/never.ts";
import { recentIpv4, recentValue } from "../decide/recent-value.ts";
import type { Address } from "../parse/event.ts";
import { ipv4Tree, ipv6Tree } from "./search-tree.ts";

export interface Locator {
  /** ISO 3166-1 alpha-2 code, where known. Special-purpose addresses are in no country. */
  countryOf(ip: Address): string | undefined;
  /** When the data were made, UTC seconds. */
  builtAt: number;
}

/**
 * Countries from a MaxMind DB file (format 2.0), offline. Takes the flat layout of ip-location-db
 * (`country_code`) and MaxMind's (`country.iso_code`). Throws `DamagedDatabase`.
 *
 * @param other gives the file to look for IPv6 addresses in, where the first one has none; asked for when the first comes
 */
export function createLocator(database: Uint8Array, other?: () => Uint8Array): Locator {
  const reader = openDatabase(database);
  const ipv4Record = ipv4Tree(database, reader.metadata);
  const ipv4 = countries(reader, (ip) => ipv4Record(recentIpv4(ip)));
  let ipv6: typeof ipv4 | undefined;
  const countryOf = (ip: Address): string | undefined => {
    if (special.find(ip) !== undefined) return undefined;
    if (recentIpv4(ip) >= 0) return ipv4(ip);
    const inside = embeddedIpv4(ip);
    if (inside !== undefined) return countryOf(inside);
    ipv6 ??= ipv6Countries(other?.() ?? database);
    const country = ipv6(ip);
    return country === "AU" && apnicBlocks.find(ip) !== undefined ? undefined : country;
  };
  return {
    countryOf,
    builtAt: reader.metadata.buildEpoch.getTime() / 1000,
  };
}

function ipv6Countries(database: Uint8Array): (ip: Address) => string | undefined {
  const reader = openDatabase(database);
  // its tree would take the first bits of an IPv6 address for an IPv4 one
  if (reader.metadata.ipVersion === 4) return () => undefined;
  const recordOf = ipv6Tree(database, reader.metadata);
  return countries(reader, (ip) => recordOf(recentValue(ip).value));
}

/** The records of a tree lead to few data: countries. */
function countries(
  reader: Reader<Layout>,
  recordOf: (ip: Address) => number,
): (ip: Address) => string | undefined {
  const known = new Map<number, string | undefined>();
  return (ip) => {
    const record = recordOf(ip);
    const country = known.get(record);
    if (country !== undefined || known.has(record)) return country;
    if (known.size >= MOST_RECORDS) known.clear();
    const read = countryIn(reader.get(ip));
    known.set(record, read);
    return read;
  };
}

/** A database that tells of more than countries has many. */
const MOST_RECORDS = 10_000;

/** Thrown for bytes that are no MaxMind DB. */
export class DamagedDatabase extends Error {
  override name = "DamagedDatabase";
  constructor(cause: unknown) {
    super("the country database is no MaxMind DB file or is damaged; fetch or install it again", { cause });
  }
}

type Layout = Response & { country_code?: string } & Pick<CountryResponse, "country">;

function openDatabase(database: Uint8Array): Reader<Layout> {
  try {
    return new Reader<Layout>(Buffer.from(database.buffer, database.byteOffset, database.byteLength));
  } catch (cause) {
    throw new DamagedDatabase(cause);
  }
}

function countryIn(found: Layout | null): string | undefined {
  const code = found?.country_code ?? found?.country?.iso_code;
  // ZZ: ISO 3166-1's word for unknown
  return code !== undefined && /^[A-Z]{2}$/.test(code) && code !== "ZZ" ? code : undefined;
}

/**
 * APNIC's first IPv6 blocks. Whois holds one object for each whole block, with APNIC's own country, which
 * ip-location-db (as of 2026-06-17) takes for that of the members in it, from Japan to Thailand. So Australia means
 * nothing there.
 */
const apnicBlocks = networkSet(
  ["2001:200::/23", "2001:c00::/23", "2001:e00::/23", "2001:4400::/23"].map(parseNetwork),
);

/** RFC 5737, 3849 and 9637: whois data say that they are in Australia. */
const DOCUMENTATION = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"];

/** What is in no country. */
const special = networkSet([...NEVER_BANNED, ...DOCUMENTATION.map(parseNetwork)]);
