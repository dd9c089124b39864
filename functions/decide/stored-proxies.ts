import type { Address } from "../parse/event.ts";
import type { Bucket } from "../store/objects.ts";
import { trustedProxyTest } from "./proxies.ts";
import { storedPolicy } from "./stored-policy.ts";

/** Tells the proxies that the policy in force trusts. @throws BadPolicy */
export async function storedProxyTest(lists: Bucket): Promise<(ip: Address) => boolean> {
  return trustedProxyTest(await storedPolicy(lists));
}
