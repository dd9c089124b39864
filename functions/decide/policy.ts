import type { Network } from "./decision.ts";
import type { Seconds } from "./duration.ts";
import {
  about,
  BadPolicy,
  duration,
  fraction,
  list,
  type Members,
  networks,
  number,
  object,
  oneOf,
  text,
} from "./policy-reader.ts";
import { STARTER } from "./shared-starter.ts";

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
  /** Offices and carriers: given networks, entries of the starter list, and addresses where at least `users` users log in properly. */
  shared: { networks: Network[]; starter: string[]; users: number; maxretry: number; bantime: Seconds };
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
  /**
   * Distributed guessing below maxretry. An address that nobody ever logged in from and that made attempts in `hours`
   * different hours within findtime (so not a customer who mistypes until it works) is banned if `addresses` such addresses tried the same user, or `neighbours` of them lie in one
   * network, or `addresses` of them made `maxretry` attempts each. Whole days.
   */
  spray: { findtime: Seconds; addresses: number; neighbours: number; hours: number; maxretry: number };
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
  shared: { networks: [], starter: [], users: 3, maxretry: 500, bantime: 3600 },
  home: [],
  homeMaxretry: 100,
  unknownCountry: "ban",
  allowAfterSuccess: { for: 30 * 86_400, maxPerDay: 50, maxUsersPerDay: 5 },
  prefix: { ipv4: 32, ipv6: 64 },
  escalate: { ipv4: 24, addresses: 8 },
  spray: { findtime: 7 * 86_400, addresses: 20, neighbours: 8, hours: 3, maxretry: 12 },
  maxHostShare: 0.1,
  countProbes: false,
  guard: { maxEntries: 100_000, maxShrink: 0.5, maxGrowth: 3, from: 1000 },
};

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

const MOST = 1_000_000;
const LONGEST = 3650 * DAY;

const MEMBERS: Members<Policy> = {
  findtime: about(
    "Attempts are summed over this long; whole hours.",
    duration({ least: HOUR, most: 30 * DAY, multipleOf: HOUR }),
  ),
  maxretry: about("Attempts within findtime that bring a ban.", number({ least: 1, most: MOST })),
  bantime: about("How long the first ban lasts.", duration({ least: MINUTE, most: LONGEST })),
  bantimeIncrement: about(
    "Each further day with an offence multiplies the ban by factor, up to max.",
    object({ factor: fraction({ least: 1, most: 100 }), max: duration({ least: MINUTE, most: LONGEST }) }),
  ),
  ignoreip: about("Never banned.", networks),
  own: about("The fleet's own addresses, beside those learned from the logs: never banned.", networks),
  trustedProxies: about("Proxies whose lines carry the client's address elsewhere: never banned.", networks),
  shared: about(
    "Offices and carriers: these networks, entries of the starter list (policy starter), and addresses where at least so many users log in properly.",
    object({
      networks,
      starter: list(oneOf(...Object.keys(STARTER))),
      users: number({ least: 2, most: MOST }),
      maxretry: number({ least: 1, most: MOST }),
      bantime: duration({ least: MINUTE, most: LONGEST }),
    }),
  ),
  home: about(
    "Countries whose offenders are reported to their provider, not banned, until homeMaxretry.",
    list(text(/^[A-Z]{2}$/, "an ISO 3166-1 country code such as NL")),
  ),
  homeMaxretry: about("Attempts that bring a ban at home too.", number({ least: 1, most: MOST })),
  unknownCountry: about(
    "Where home is set: what becomes of an offender whose country is not known.",
    oneOf("ban", "report"),
  ),
  allowAfterSuccess: about(
    "An address with proper logins is allowed, up to so many attempts a day at so many users who never logged in there.",
    object({
      for: duration({ least: HOUR, most: LONGEST }),
      maxPerDay: number({ least: 0, most: MOST }),
      maxUsersPerDay: number({ least: 0, most: MOST }),
    }),
  ),
  prefix: about(
    "What is counted and banned as one: prefix lengths.",
    object({ ipv4: number({ least: 24, most: 32 }), ipv6: number({ least: 48, most: 128 }) }),
  ),
  escalate: about(
    "A network of that prefix length is banned when that many of its addresses are, and nobody logs in from there.",
    object({ ipv4: number({ least: 16, most: 31 }), addresses: number({ least: 2, most: 65_536 }) }),
  ),
  spray: about(
    "Distributed guessing below maxretry, from addresses that nobody ever logged in from.",
    object({
      findtime: duration({ least: DAY, most: 30 * DAY, multipleOf: DAY }),
      addresses: number({ least: 2, most: MOST }),
      neighbours: number({ least: 2, most: MOST }),
      hours: number({ least: 1, most: 720 }),
      maxretry: number({ least: 1, most: MOST }),
    }),
  ),
  maxHostShare: about(
    "What one host alone has seen makes at most this share of the list.",
    fraction({ least: 0, most: 1 }),
  ),
  countProbes: about("Whether probes (no password tried) count like attempts.", oneOf(true, false)),
  guard: about(
    "How much a list of more than from entries may change at once; more needs somebody's word.",
    object({
      maxEntries: number({ least: 1, most: 10_000_000 }),
      maxShrink: fraction({ least: 0, most: 1 }),
      maxGrowth: fraction({ least: 1, most: 1000 }),
      from: number({ least: 0, most: 10_000_000 }),
    }),
  ),
};

const POLICY = object(MEMBERS);

/** What POLICY reads, for editors and other programs: JSON Schema 2020-12; functions/decide/policy.schema.json. */
export const policySchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "fleetban policy",
  ...POLICY.schema,
};

/**
 * Reads the JSON value of policy.json; a key that is left out has its default. Throws `BadPolicy`, naming every
 * member that is unknown or out of bounds by its path.
 */
export function parsePolicy(json: unknown): Policy {
  const policy = POLICY.read(json, "", defaultPolicy);
  const problems = contradictions(policy);
  if (problems.length > 0) throw new BadPolicy(problems);
  return policy;
}

/** What no member alone can tell. */
function contradictions(policy: Policy): string[] {
  const problems: string[] = [];
  if (policy.bantimeIncrement.max < policy.bantime) problems.push("bantimeIncrement.max: is below bantime");
  if (policy.homeMaxretry < policy.maxretry) problems.push("homeMaxretry: is below maxretry");
  return problems;
}
