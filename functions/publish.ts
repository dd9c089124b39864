import type { Alert } from "./decide/alert.ts";
import { pauseAt, unbansAt, type Word } from "./decide/exceptions.ts";
import { parseNetwork } from "./decide/network.ts";
import { networkSet } from "./decide/network-set.ts";
import { policyVersion } from "./decide/policy-version.ts";
import { retentionProblem } from "./decide/retention.ts";
import { decideStored, type Situation, storedSituation } from "./decide/stored.ts";
import type { Verdicts } from "./decide/verdicts.ts";
import { blocklist, inForce, type ListEntry } from "./list/blocklist.ts";
import { guarded, type Refusal } from "./list/guard.ts";
import { type CurrentManifest, type Published, publishList, withoutRace } from "./list/publish.ts";
import { DamagedListError, entriesOf } from "./list/published.ts";
import { createLocator } from "./locate/country.ts";
import { readDatabase } from "./locate/database.ts";
import type { EpochSeconds } from "./parse/event.ts";
import { newAlerts, putAlerts, putGuardState, storedAlerts, storedGuardState } from "./report/standing.ts";
import { type Deployment, deploymentFromEnvironment } from "./store/deployment.ts";
import { openStore, type Store } from "./store/store.ts";
import { stopPretenuring } from "./v8.ts";

export interface PublishEvent {
  /** The moment to decide for; the schedule names none: now. */
  now?: EpochSeconds;
  /** Somebody has looked at what the guard refused, and takes it. */
  accept?: boolean;
}

/** What was published, and what somebody should look at. */
export interface PublishResult extends Published {
  /** What the guard keeps off the list, or on it. */
  refusal: Refusal | undefined;
  /** The list stands still by somebody's word. */
  pause: Word | undefined;
  alerts: Alert[];
  /** Alerts that the last publish did not have. */
  fresh: Alert[];
  /** Why counters go before the bans that they bring have ended. */
  retention: string | undefined;
}

export type Publish = (event: PublishEvent) => Promise<PublishResult>;

/** The Lambda function on the schedule: decides over all counters and publishes the blocklist if it has changed. */
export function createPublish(deployment: Deployment): Publish {
  const store = openStore(deployment);
  const { countryOf } = createLocator(readDatabase());
  return async ({ now = Math.floor(Date.now() / 1000), accept = false }) =>
    await withoutRace(store.lists, async (current) => {
      const situation = await storedSituation(store, now, countryOf);
      const published = await decideAndPublish(store, situation, accept, current);
      const retention = retentionProblem(situation.policy, deployment.retentionDays);
      return published && { ...published, retention };
    });
}

/** Neither can the list stay as it is, nor may another take its place. */
export class PausedListDamagedError extends Error {
  override name = "PausedListDamagedError";
  constructor() {
    super(
      "publishing is paused and the list that should stay is damaged: hosts keep what they have until it expires; " +
        "end the pause to publish anew (fleetban pause --end)",
    );
  }
}

/** Undefined where another publisher was faster. */
async function decideAndPublish(
  store: Store,
  situation: Situation,
  accept: boolean,
  current: CurrentManifest | undefined,
): Promise<Omit<PublishResult, "retention"> | undefined> {
  const { now } = situation;
  const verdicts = await decideStored(store.table, situation);
  const before = current && (await listBefore(store, current));
  const damaged = current !== undefined && before === undefined;
  const pause = pauseAt(situation.exceptions, now);
  if (pause !== undefined && damaged) throw new PausedListDamagedError();
  const state = await storedGuardState(store.lists);
  const next =
    pause === undefined
      ? guarded(before, blocklist(verdicts.decisions, now), state, guardContext(situation, verdicts, accept))
      : { entries: standing(before, situation), state };
  const list = { entries: next.entries, policy: policyVersion(situation.policy), now, damaged };
  const published = await publishList(store, list, current);
  if (published === undefined) return undefined;
  const alertsBefore = await storedAlerts(store.lists);
  await putGuardState(store.lists, state, next.state);
  await putAlerts(store.lists, alertsBefore, verdicts.alerts);
  const { alerts } = verdicts;
  return {
    ...published,
    refusal: next.state?.refusal,
    pause,
    alerts,
    fresh: newAlerts(alertsBefore, alerts),
  };
}

function guardContext({ policy, now }: Situation, { isCleared }: Verdicts, accept: boolean) {
  return { guard: policy.guard, now, accept, isCleared };
}

/** While publishing is paused: what is on the list and in force, but for what was unbanned. */
function standing(before: readonly ListEntry[] | undefined, { exceptions, now }: Situation): ListEntry[] {
  const unbanned = networkSet(unbansAt(exceptions, now).map(({ network }) => parseNetwork(network)));
  return inForce(before ?? [], now).filter(({ range }) => !unbanned.overlaps(range));
}

/** A damaged list is replaced, and nothing can be measured by it. */
async function listBefore({ lists }: Store, { manifest }: CurrentManifest): Promise<ListEntry[] | undefined> {
  try {
    return await entriesOf(lists, manifest);
  } catch (error) {
    if (error instanceof DamagedListError) return undefined;
    throw error;
  }
}

let fromEnvironment: Publish | undefined;

/** What Lambda calls; the schedule's event says nothing that matters. Alarms look for `alert` and `refusal`. */
export const handler = async (): Promise<void> => {
  stopPretenuring();
  fromEnvironment ??= createPublish(deploymentFromEnvironment(process.env));
  const { manifest, changed, refusal, pause, fresh, retention } = await fromEnvironment({});
  for (const alert of fresh) console.warn(JSON.stringify({ alert }));
  if (refusal !== undefined) console.warn(JSON.stringify({ refusal }));
  if (retention !== undefined)
    console.warn(JSON.stringify({ alert: { kind: "retention", reason: retention } }));
  const { serial, networks } = manifest;
  console.log(JSON.stringify({ serial, networks, changed, paused: pause !== undefined }));
};
