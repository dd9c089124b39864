import { randomUUID } from "node:crypto";
import { type ReplayContext, type Replayed, replay } from "./count/replay.ts";
import { type Verified, type VerifyContext, verify } from "./count/verify.ts";
import { storedProxyTest } from "./decide/stored-proxies.ts";
import type { Deployment } from "./store/deployment.ts";
import { openStore } from "./store/store.ts";
import { userNamer } from "./store/user-names.ts";

/** Seconds that a claim of a replay holds, and rows a second that it reckons with: killed, it is waited for so long. */
const LEASE = 120;
const ROWS_PER_SECOND = 200;

/** Counts stored objects again after the parser has changed. */
export async function replayStored(
  deployment: Deployment,
  prefix: string,
  options: Pick<ReplayContext, "all" | "onObject" | "onWait">,
): Promise<Replayed> {
  const store = openStore(deployment);
  const owner = `replay-${randomUUID()}`;
  return await replay(prefix, {
    ...options,
    store,
    retentionDays: deployment.retentionDays,
    nameUser: await userNamer(store.lists, deployment.userNames),
    isTrustedProxy: await storedProxyTest(store.lists),
    limits: deployment.limits,
    now,
    owner,
    leaseEnd: (rows) => now() + LEASE + Math.ceil(rows / ROWS_PER_SECOND),
    // one object after the other: what this run has left behind, it has failed at
    isDead: (claim) => claim.owner === owner || claim.lease < now(),
  });
}

/** Compares the counters with the stored objects. `now` says what has expired. */
export async function verifyStored(
  deployment: Deployment,
  host: string | undefined,
  options: Pick<VerifyContext, "now" | "onObject">,
): Promise<Verified> {
  const store = openStore(deployment);
  const nameUser = await userNamer(store.lists, deployment.userNames);
  const isTrustedProxy = await storedProxyTest(store.lists);
  const { retentionDays, limits } = deployment;
  return await verify(host, { ...options, store, retentionDays, nameUser, isTrustedProxy, limits });
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
