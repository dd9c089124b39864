import type { Address } from "../parse/event.ts";
import { parseNetwork } from "./network.ts";
import { networkSet } from "./network-set.ts";
import type { Policy } from "./policy.ts";

/**
 * Tells proxies that the policy trusts: their lines tell of nobody, unless they carry the client's address. Undefined where
 * it trusts none.
 */
export function trustedProxyTest({
  trustedProxies,
}: Pick<Policy, "trustedProxies">): ((ip: Address) => boolean) | undefined {
  if (trustedProxies.length === 0) return undefined;
  const proxies = networkSet(trustedProxies.map(parseNetwork));
  return (ip) => proxies.find(ip) !== undefined;
}
