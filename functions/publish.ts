import { policyVersion } from "./decide/policy-version.ts";
import { decideStored, storedPolicy } from "./decide/stored.ts";
import { blocklist } from "./list/blocklist.ts";
import { type Published, publishList } from "./list/publish.ts";
import { createLocator } from "./locate/country.ts";
import { readDatabase } from "./locate/database.ts";
import type { EpochSeconds } from "./parse/event.ts";
import { type Deployment, deploymentFromEnvironment } from "./store/deployment.ts";
import { openStore } from "./store/store.ts";

export interface PublishEvent {
  /** The moment to decide for; the schedule names none: now. */
  now?: EpochSeconds;
}

export type Publish = (event: PublishEvent) => Promise<Published>;

/** The Lambda function on the schedule: decides over all counters and publishes the blocklist if it has changed. */
export function createPublish(deployment: Deployment): Publish {
  const store = openStore(deployment);
  const { countryOf } = createLocator(readDatabase());
  return async ({ now = Math.floor(Date.now() / 1000) }) => {
    const policy = await storedPolicy(store.lists);
    const { decisions } = await decideStored(store.table, { policy, now, countryOf });
    return await publishList(store, blocklist(decisions, now), policyVersion(policy), now);
  };
}

let fromEnvironment: Publish | undefined;

/** What Lambda calls; the schedule's event says nothing that matters. */
export const handler = async (): Promise<void> => {
  fromEnvironment ??= createPublish(deploymentFromEnvironment(process.env));
  const { manifest, changed } = await fromEnvironment({});
  console.log(JSON.stringify({ serial: manifest.serial, networks: manifest.networks, changed }));
};
