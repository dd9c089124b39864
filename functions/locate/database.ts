import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Name of the database where it lies beside the code: in a Lambda bundle or a package. */
export const DATABASE_FILE = "country.mmdb";

const PACKAGE = "@ip-location-db/geo-whois-asn-country-mmdb";
const WHOLE = "geo-whois-asn-country.mmdb";
/** Three megabytes of eight. */
const IPV4 = "geo-whois-asn-country-ipv4.mmdb";
/** The other five. */
const IPV6 = "geo-whois-asn-country-ipv6.mmdb";

/**
 * The bundled country database: the file beside the running code, else the npm package's.
 * Throws `NoDatabase` where there is neither.
 */
export function readDatabase(): Uint8Array {
  return readFirst([besideCode, databasePath]);
}

/** The same, of which no more is read than IPv4 addresses need if they lie in a file of their own. */
export function readIpv4Database(): Uint8Array {
  return readFirst([besideCode, () => packaged(IPV4)]);
}

/** The same for IPv6 addresses. */
export function readIpv6Database(): Uint8Array {
  return readFirst([besideCode, () => packaged(IPV6)]);
}

/** Where the npm package's database lies, for bundling it. */
export function databasePath(): string {
  return packaged(WHOLE);
}

function packaged(file: string): string {
  return createRequire(import.meta.url).resolve(`${PACKAGE}/${file}`);
}

function readFirst(places: readonly (() => string)[]): Uint8Array {
  const tried: string[] = [];
  for (const find of places) {
    try {
      return readFileSync(find());
    } catch (error) {
      tried.push((error as Error).message.split("\n")[0]!);
    }
  }
  throw new NoDatabase(tried);
}

/** Thrown where no country database was found. */
export class NoDatabase extends Error {
  override name = "NoDatabase";
  constructor(tried: readonly string[]) {
    super(
      `no country database; run npm ci, or put ${DATABASE_FILE} beside the program. Tried: ${tried.join("; ")}`,
    );
  }
}

function besideCode(): string {
  return fileURLToPath(new URL(DATABASE_FILE, import.meta.url));
}
