/** What stands between two lists: the guard's memory, and the alerts that nobody has dealt with. */
import type { Alert } from "../decide/alert.ts";
import type { GuardState } from "../list/guard.ts";
import { type Bucket, getText, putObject } from "../store/objects.ts";

/** Beside the list: hosts may see it, it names no user. */
const GUARD_KEY = "blocklist/guard.json";
/** Names users, so hosts may not read it. */
const ALERTS_KEY = "report/alerts.json";

/** Undefined before the first list. A damaged memory is none: the guard then measures by the list in force. */
export async function storedGuardState(lists: Bucket): Promise<GuardState | undefined> {
  const state = await json(lists, GUARD_KEY);
  return isGuardState(state) ? state : undefined;
}

export async function putGuardState(
  lists: Bucket,
  before: GuardState | undefined,
  state: GuardState | undefined,
): Promise<void> {
  if (state !== undefined) await putChanged(lists, GUARD_KEY, before, state);
}

export async function storedAlerts(lists: Bucket): Promise<Alert[]> {
  const alerts = await json(lists, ALERTS_KEY);
  return Array.isArray(alerts) ? (alerts as Alert[]) : [];
}

export async function putAlerts(
  lists: Bucket,
  before: readonly Alert[],
  alerts: readonly Alert[],
): Promise<void> {
  await putChanged(lists, ALERTS_KEY, before, alerts.slice(0, MOST_ALERTS));
}

/** Those that were not there before: kind and network tell them apart, numbers grow. */
export function newAlerts(before: readonly Alert[], alerts: readonly Alert[]): Alert[] {
  const known = new Set(before.map(nameOf));
  return alerts.filter((alert) => !known.has(nameOf(alert)));
}

/** Whoever has more has no use for the rest. */
const MOST_ALERTS = 1000;

function nameOf({ kind, network }: Alert): string {
  return `${kind} ${network}`;
}

async function json(lists: Bucket, key: string): Promise<unknown> {
  const stored = await getText(lists, key);
  try {
    return stored === undefined ? undefined : JSON.parse(stored.text);
  } catch {
    return undefined;
  }
}

async function putChanged(lists: Bucket, key: string, before: unknown, value: unknown): Promise<void> {
  const text = JSON.stringify(value);
  if (text !== JSON.stringify(before)) await putObject(lists, key, text, { type: "application/json" });
}

function isGuardState(state: unknown): state is GuardState {
  const reference = (state as GuardState | undefined)?.reference;
  return Number.isSafeInteger(reference?.networks) && Number.isSafeInteger(reference?.at);
}
