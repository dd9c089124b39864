import type { Bucket } from "../store/objects.ts";
import { trustedProxyTest } from "./proxies.ts";
import { storedPolicy } from "./stored-policy.ts";

/** Tells the proxies that the policy in force trusts. @throws BadPolicy */
export async function storedProxyTest(lists: Bucket): Promise<ReturnType<typeof trustedProxyTest>> {
  return trustedProxyTest(await storedPolicy(lists));
}
