/** Rules for addresses that are named somewhere: never banned, whatever they did. */
import type { Case } from "./case.ts";
import { isoTime } from "./iso-time.ts";
import { networkText } from "./network.ts";
import type { NetworkSet } from "./network-set.ts";
import { neverBanned } from "./never.ts";
import { allow, type Ruling } from "./ruling.ts";

export function never({ history: { ip } }: Case): Ruling | undefined {
  const what = neverBanned(ip);
  return what === undefined ? undefined : allow("never", () => `${ip} is ${what}: never banned`);
}

export function own(facts: Case): Ruling | undefined {
  return listedIn(facts, "own", facts.context.own, "the fleet's own addresses");
}

export function proxy(facts: Case): Ruling | undefined {
  return listedIn(facts, "proxy", facts.context.trustedProxies, "the trusted proxies");
}

export function ignoreip(facts: Case): Ruling | undefined {
  return listedIn(facts, "ignoreip", facts.context.ignoreip, "ignoreip");
}

export function unban({ history: { ip }, context: { unbans } }: Case): Ruling | undefined {
  const found = unbans.set.find(ip);
  const given = found && unbans.byNetwork.get(networkText(found));
  if (given === undefined) return undefined;
  const { network, by, until, reason } = given;
  const whose = network === ip ? ip : `${network}, where ${ip} lies,`;
  return allow("unban", () => `${whose} was unbanned by ${by} until ${isoTime(until)}: ${reason}`);
}

export function allowlist({ history: { ip }, subject, context: { allow: lists } }: Case): Ruling | undefined {
  const found = lists.touching(subject.range);
  return (
    found &&
    allow("allowlist", () => `${ip} is on the list ${found.list.name} until ${isoTime(found.list.expires)}`)
  );
}

function listedIn(
  { history: { ip } }: Case,
  rule: string,
  set: NetworkSet,
  name: string,
): Ruling | undefined {
  const found = set.find(ip);
  if (found === undefined) return undefined;
  const network = networkText(found);
  return allow(rule, () =>
    network === ip ? `${ip} is among ${name}` : `${ip} lies in ${network}, among ${name}`,
  );
}
