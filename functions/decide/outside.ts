/** What outside lists say about an address, and which of their networks are banned unseen. */
import type { Address, EpochSeconds } from "../parse/event.ts";
import type { CaseContext } from "./case.ts";
import type { Decision, Network } from "./decision.ts";
import type { LoginNetworks } from "./escalate.ts";
import { isoTime } from "./iso-time.ts";
import { type IpNetwork, networkText, parseNetwork } from "./network.ts";
import { type NetworkSet, networkSet } from "./network-set.ts";
import { holdsNeverBanned } from "./never.ts";
import type { OutsideList } from "./outside-list.ts";
import type { Policy } from "./policy.ts";

export interface OutsideSet {
  networks: readonly Network[];
  /** The list that holds some of the network's addresses, and by which of its networks. */
  touching(range: IpNetwork): { network: Network; list: OutsideList } | undefined;
  /** The list that a network is on, as it stands there. */
  listOf(network: Network): OutsideList;
}

/** The lists of one kind that are in force. Of lists that hold the same network, the one that lasts longest speaks. */
export function outsideSet(
  lists: readonly OutsideList[],
  action: OutsideList["action"],
  now: EpochSeconds,
): OutsideSet {
  const current = lists.filter((list) => list.action === action && list.added <= now && now < list.expires);
  const byNetwork = new Map<Network, OutsideList>();
  for (const list of current.toSorted((a, b) => a.expires - b.expires || (a.name < b.name ? 1 : -1)))
    for (const network of list.networks) byNetwork.set(network, list);
  const set: NetworkSet = networkSet([...byNetwork.keys()].map(parseNetwork));
  return {
    networks: [...byNetwork.keys()],
    touching: (range) => {
      const found = set.touching(range);
      const network = found && networkText(found);
      return network === undefined ? undefined : { network, list: byNetwork.get(network)! };
    },
    listOf: (network) => byNetwork.get(network)!,
  };
}

/**
 * Bans for listed networks that are no wider than what the policy lets be banned as a whole, whether anybody has seen
 * them or not. Wider ones, and those with logins around them, are banned address by address, when one of it tries.
 */
export function listedBans(
  logins: LoginNetworks,
  { block, protectedSet, shared, policy }: CaseContext,
): Decision[] {
  return block.networks.flatMap((network) => {
    const range = parseNetwork(network);
    const isWide = range.prefix < widest(policy, range.family);
    if (isWide || holdsNeverBanned(range) || protectedSet.overlaps(range) || shared.overlaps(range))
      return [];
    const [ip = ""] = network.split("/");
    return logins.has(range) ? [] : [unseenBan(ip, network, block.listOf(network))];
  });
}

function widest({ escalate, prefix }: Policy, family: 4 | 6): number {
  return family === 4 ? Math.min(escalate.ipv4, prefix.ipv4) : prefix.ipv6;
}

function unseenBan(ip: Address, network: Network, { name, added, expires }: OutsideList): Decision {
  const nothing = {
    attempts: 0,
    events: 0,
    successes: 0,
    users: 0,
    hosts: [],
    services: [],
    country: undefined,
  };
  const reason = `${network} is on the list ${name}; banned until ${isoTime(expires)}`;
  return {
    ip,
    network,
    action: "ban",
    rule: "blocklist",
    reason,
    until: expires,
    ...nothing,
    first: added,
    last: added,
  };
}
