import { getOrMake } from "../count/get-or-make.ts";
import { ipv4Value } from "../parse/address.ts";
import type { EpochSeconds } from "../parse/event.ts";
import type { CaseContext } from "./case.ts";
import type { Decision, Network } from "./decision.ts";
import { isoTime } from "./iso-time.ts";
import { neighbourhoodKey } from "./neighbourhood.ts";
import { canonicalNetwork, type IpNetwork, networkText } from "./network.ts";
import { holdsNeverBanned } from "./never.ts";

/** Networks from which somebody logged in properly: they are never banned as a whole. */
export interface LoginNetworks {
  add(subject: IpNetwork): void;
  /** Whether somebody did from around there. */
  has(network: IpNetwork): boolean;
}

export function loginNetworks({ policy }: CaseContext): LoginNetworks {
  const seen = new Set<number | bigint>();
  const keyOf = (network: IpNetwork) => neighbourhoodKey(network, policy);
  return { add: (subject) => seen.add(keyOf(subject)), has: (network) => seen.has(keyOf(network)) };
}

/**
 * Bans for networks that hold at least `escalate.addresses` banned addresses, if nobody logs in from there properly,
 * none of it is protected, shared or at home, and no single host tells alone of more than half of the addresses.
 * @param ownEnds of those banned for spraying who have also earned a ban alone: when that ends
 */
export function escalations(
  decisions: readonly Decision[],
  ownEnds: ReadonlyMap<Network, EpochSeconds>,
  logins: LoginNetworks,
  context: CaseContext,
): Decision[] {
  const { addresses, ipv4 } = context.policy.escalate;
  return [...crowded(decisions, ipv4, addresses)].flatMap(([first, members]) => {
    const network: IpNetwork = { family: 4, first: BigInt(first), prefix: ipv4 };
    const bans = members.flatMap((member) => earnedBan(member, ownEnds) ?? []);
    if (bans.length < addresses || members.some((member) => isAgainst(member))) return [];
    if (logins.has(network) || isProtected(network, context) || isOneHostsWord(bans)) return [];
    return [networkBan(network, bans, addresses)];
  });
}

/**
 * Decisions by their network's first address, for the IPv4 networks of that prefix length that hold at least so many: most hold
 * one, and a list for each would take memory.
 */
function crowded(decisions: readonly Decision[], prefix: number, least: number): Map<number, Decision[]> {
  const counts = new Map<number, number>();
  const firsts = new Float64Array(decisions.length);
  for (let at = 0; at < decisions.length; at++) {
    const first = firstAround(decisions[at]!, 2 ** (32 - prefix));
    firsts[at] = first;
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  counts.delete(IPV6);
  const networks = new Map<number, Decision[]>();
  for (let at = 0; at < decisions.length; at++) {
    const first = firsts[at]!;
    if ((counts.get(first) ?? 0) >= least) getOrMake(networks, first, () => []).push(decisions[at]!);
  }
  return networks;
}

/** The first address of the network of so many around a decision's. As a number: big ones would make three objects for each of a million. */
function firstAround({ network }: Decision, size: number): number {
  const address = ipv4Value(network);
  if (address < 0 && network.includes(":")) return IPV6;
  const first = address < 0 ? Number(canonicalNetwork(network).first) : address;
  return first - (first % size);
}

const IPV6 = -1;

/** The ban that an address has earned alone. */
function earnedBan(decision: Decision, ownEnds: ReadonlyMap<Network, EpochSeconds>): Decision | undefined {
  const { action, rule, network } = decision;
  if (action === "ban" && rule === "maxretry") return decision;
  const end = rule === "spray" ? ownEnds.get(network) : undefined;
  return end === undefined ? undefined : { ...decision, until: end };
}

/** Reports, shared addresses and friends in a network speak against banning it. */
function isAgainst({ action, rule }: Decision): boolean {
  return action !== "watch" && rule !== "maxretry" && rule !== "spray" && rule !== "blocklist";
}

function isProtected(network: IpNetwork, { protectedSet, shared }: CaseContext): boolean {
  return holdsNeverBanned(network) || protectedSet.overlaps(network) || shared.overlaps(network);
}

function isOneHostsWord(bans: readonly Decision[]): boolean {
  const alone = Map.groupBy(bans, ({ hosts }) => (hosts.length === 1 ? hosts[0] : undefined));
  return [...alone].some(([host, own]) => host !== undefined && own.length * 2 > bans.length);
}

function networkBan(network: IpNetwork, bans: readonly Decision[], limit: number): Decision {
  const text = networkText(network);
  const sum = (of: (ban: Decision) => number) => bans.reduce((total, ban) => total + of(ban), 0);
  const union = <T>(of: (ban: Decision) => readonly T[]) => [...new Set(bans.flatMap(of))].sort();
  const until = bans.reduce((latest, ban) => Math.max(latest, ban.until ?? 0), 0);
  const end = isoTime(until);
  // in whatever order they come, the same one speaks for all
  const { ip, country } = bans.reduce((a, b) => (a.ip < b.ip ? a : b));
  return {
    ip,
    network: text,
    action: "ban",
    rule: "escalate",
    reason: `${bans.length} addresses of ${text} are banned (limit ${limit}) and nobody logs in from there; banned until ${end}`,
    until,
    attempts: sum(({ attempts }) => attempts),
    events: sum(({ events }) => events),
    successes: sum(({ successes }) => successes),
    users: sum(({ users }) => users),
    hosts: union(({ hosts }) => hosts),
    services: union(({ services }) => services),
    first: bans.reduce((first, ban) => Math.min(first, ban.first), Number.POSITIVE_INFINITY),
    last: bans.reduce((last, ban) => Math.max(last, ban.last), 0),
    country,
  };
}
