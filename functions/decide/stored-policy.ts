import type { EpochSeconds } from "../parse/event.ts";
import { type Bucket, getText, listObjects, putObject } from "../store/objects.ts";
import { defaultPolicy, type Policy, parsePolicy } from "./policy.ts";
import { policyJson } from "./policy-text.ts";
import { policyVersion } from "./policy-version.ts";

const POLICY_KEY = "policy/policy.json";

/** The policy in force, `policy/policy.json` of the lists bucket; the default where there is none. @throws BadPolicy */
export async function storedPolicy(lists: Bucket): Promise<Policy> {
  const stored = await getText(lists, POLICY_KEY);
  return stored === undefined ? defaultPolicy : parsePolicy(JSON.parse(stored.text));
}

/** Others kept changing the policy. */
export class PolicyRaceError extends Error {
  override name = "PolicyRaceError";
}

/**
 * Puts a policy in force, if the one in force is still `before`, which is kept under
 * `policy/history/<time>-<version>.json`. @throws PolicyRaceError, BadPolicy where the one in force is damaged
 */
export async function putPolicy(
  lists: Bucket,
  policy: Policy,
  before: Policy,
  now: EpochSeconds,
): Promise<void> {
  const stored = await getText(lists, POLICY_KEY);
  const current = stored === undefined ? defaultPolicy : parsePolicy(JSON.parse(stored.text));
  const version = policyVersion(before);
  if (policyVersion(current) !== version)
    throw new PolicyRaceError("somebody else has changed the policy: look at the change again");
  const key = `${HISTORY}${String(now).padStart(11, "0")}-${version}.json`;
  await putObject(lists, key, policyJson(before), { type: "application/json" });
  const condition = stored === undefined ? ({ ifNoneMatch: "*" } as const) : { ifMatch: stored.etag };
  if (!(await putObject(lists, POLICY_KEY, policyJson(policy), { type: "application/json", condition })))
    throw new PolicyRaceError("somebody else has changed the policy just now: look at the change again");
}

const HISTORY = "policy/history/";

/** A policy that was in force, and until when. */
export interface PastPolicy {
  version: string;
  until: EpochSeconds;
  key: string;
}

/** The newest first. */
export async function policyVersions(lists: Bucket): Promise<PastPolicy[]> {
  const past: PastPolicy[] = [];
  for await (const { key } of listObjects(lists, HISTORY)) {
    const [, until, version] = /^policy\/history\/(\d{11})-(\w{1,20})\.json$/.exec(key) ?? [];
    if (version !== undefined) past.push({ version, until: Number(until), key });
  }
  return past.reverse();
}

/** A policy of the history; undefined where that version never was in force. @throws BadPolicy */
export async function pastPolicy(lists: Bucket, version: string): Promise<Policy | undefined> {
  const past = (await policyVersions(lists)).find((one) => one.version === version);
  const stored = past && (await getText(lists, past.key));
  return stored && parsePolicy(JSON.parse(stored.text));
}
