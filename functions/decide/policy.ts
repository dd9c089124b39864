import type { Network } from "./decision.ts";
import type { Seconds } from "./duration.ts";
import {
  duration,
  fraction,
  list,
  type Members,
  membersOf,
  networks,
  number,
  object,
  oneOf,
  text,
} from "./policy-reader.ts";

/** Who is banned, for how long, and who never is. `policy.json` in memory: durations in seconds. */
export interface Policy {
  /** Attempts are summed over this long; whole hours. */
  findtime: Seconds;
  /** Attempts within findtime that bring a ban. */
  maxretry: number;
  bantime: Seconds;
  /** Each further day with an offence multiplies the ban by `factor`, up to `max`. */
  bantimeIncrement: { factor: number; max: Seconds };
  /** Never banned. */
  ignoreip: Network[];
  /** The fleet's own addresses: never banned. */
  own: Network[];
  /** Proxies whose lines carry the client's address elsewhere: never banned. */
  trustedProxies: Network[];
  /** Offices and carriers: given networks, and addresses where at least `users` users log in properly. */
  shared: { networks: Network[]; users: number; maxretry: number; bantime: Seconds };
  /** ISO 3166-1 alpha-2 codes: reported to the provider, not banned, until `homeMaxretry`. */
  home: string[];
  homeMaxretry: number;
  /** Where home is set: what becomes of an offender whose country is not known. */
  unknownCountry: "ban" | "report";
  /** An address with proper logins is allowed, up to so many attempts a day at so many users who never logged in there. */
  allowAfterSuccess: { for: Seconds; maxPerDay: number; maxUsersPerDay: number };
  /** What is counted and banned as one: prefix lengths. */
  prefix: { ipv4: number; ipv6: number };
  /** A network of that prefix length is banned when that many of its addresses are. */
  escalate: { ipv4: number; addresses: number };
  /** What one host alone has seen makes at most this share of the list. */
  maxHostShare: number;
  /** Whether probes (no password tried) count like attempts. */
  countProbes: boolean;
  /** How much a list may change at once. */
  guard: { maxEntries: number; maxShrink: number; maxGrowth: number; from: number };
}

export const defaultPolicy: Policy = {
  findtime: 24 * 3600,
  maxretry: 5,
  bantime: 7 * 86_400,
  bantimeIncrement: { factor: 2, max: 90 * 86_400 },
  ignoreip: [],
  own: [],
  trustedProxies: [],
  shared: { networks: [], users: 3, maxretry: 500, bantime: 3600 },
  home: [],
  homeMaxretry: 100,
  unknownCountry: "ban",
  allowAfterSuccess: { for: 30 * 86_400, maxPerDay: 50, maxUsersPerDay: 5 },
  prefix: { ipv4: 32, ipv6: 64 },
  escalate: { ipv4: 24, addresses: 8 },
  maxHostShare: 0.1,
  countProbes: false,
  guard: { maxEntries: 100_000, maxShrink: 0.5, maxGrowth: 3, from: 1000 },
};

/** Keys of the design that this version does not apply yet: refused, so that nobody relies on them. */
const NOT_APPLIED: readonly (keyof Policy)[] = [
  "shared",
  "allowAfterSuccess",
  "escalate",
  "maxHostShare",
  "guard",
];

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

const MEMBERS: Members<Policy> = {
  findtime: duration({ least: HOUR, most: 30 * DAY, multipleOf: HOUR }),
  maxretry: number({ least: 1, most: 1_000_000 }),
  bantime: duration({ least: MINUTE, most: 3650 * DAY }),
  bantimeIncrement: object({
    factor: fraction({ least: 1, most: 100 }),
    max: duration({ least: MINUTE, most: 3650 * DAY }),
  }),
  ignoreip: networks,
  own: networks,
  trustedProxies: networks,
  shared: object({
    networks,
    users: number({ least: 2, most: 1_000_000 }),
    maxretry: number({ least: 1, most: 1_000_000 }),
    bantime: duration({ least: MINUTE, most: 3650 * DAY }),
  }),
  home: list(text(/^[A-Z]{2}$/, "an ISO 3166-1 country code such as NL")),
  homeMaxretry: number({ least: 1, most: 1_000_000 }),
  unknownCountry: oneOf("ban", "report"),
  allowAfterSuccess: object({
    for: duration({ least: HOUR, most: 3650 * DAY }),
    maxPerDay: number({ least: 0, most: 1_000_000 }),
    maxUsersPerDay: number({ least: 0, most: 1_000_000 }),
  }),
  prefix: object({ ipv4: number({ least: 24, most: 32 }), ipv6: number({ least: 48, most: 128 }) }),
  escalate: object({ ipv4: number({ least: 16, most: 31 }), addresses: number({ least: 2, most: 65_536 }) }),
  maxHostShare: fraction({ least: 0, most: 1 }),
  countProbes: oneOf(true, false),
  guard: object({
    maxEntries: number({ least: 1, most: 10_000_000 }),
    maxShrink: fraction({ least: 0, most: 1 }),
    maxGrowth: fraction({ least: 1, most: 1000 }),
    from: number({ least: 0, most: 10_000_000 }),
  }),
};

/**
 * Reads the JSON value of policy.json; a key that is left out has its default. Throws `BadPolicy`, naming every
 * member that is unknown or out of bounds by its path.
 */
export function parsePolicy(json: unknown): Policy {
  return membersOf(json, MEMBERS, defaultPolicy, { refused: NOT_APPLIED, check: contradictions });
}

/** What no member alone can tell. */
function contradictions(policy: Policy): string[] {
  const problems: string[] = [];
  if (policy.bantimeIncrement.max < policy.bantime) problems.push("bantimeIncrement.max: is below bantime");
  if (policy.homeMaxretry < policy.maxretry) problems.push("homeMaxretry: is below maxretry");
  return problems;
}
