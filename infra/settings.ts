import type { IConstruct } from "constructs";
import { parseLimits } from "../functions/read/limits.ts";

/** What may differ between deployments: `npx cdk deploy -c name=… -c retentionDays=… -c userNames=… -c limits=… -c alarmEmail=…`. */
export interface Settings {
  /** The stack's name; the CLI finds the deployment by it (`--stack NAME`). */
  name: string;
  /** Days that counters, receipts and stored logs are kept; at least findtime and the longest ban of the policy. */
  retentionDays: number;
  /** `hashed`: counters hold keyed hashes of user names. `plain`: the names; they are personal data. */
  userNames: "hashed" | "plain";
  /** Bounds on what a log may cost, as `parseLimits` reads them; undefined: the usual ones. */
  limits: string | undefined;
  /** Who gets the alarms; undefined: nobody but the topic's other subscribers. */
  alarmEmail: string | undefined;
}

/** A context value that no deployment can have. */
export class SettingError extends Error {
  override name = "SettingError";

  constructor(key: string, value: unknown, wanted: string) {
    super(`-c ${key}=${String(value)}: give ${wanted}`);
  }
}

/** The longest ban of the default policy is 90 days, its findtime one; what is over lets a late log still count. */
const RETENTION_DAYS = 100;
const MOST_RETENTION_DAYS = 3650;

/** Reads the settings from CDK's context.
 * @throws SettingError naming the first value that is wrong */
export function settingsOf(scope: IConstruct): Settings {
  const context = (key: string): unknown => scope.node.tryGetContext(key);
  return {
    name: stackName(context("name") ?? "fleetban"),
    retentionDays: days(context("retentionDays") ?? RETENTION_DAYS),
    userNames: userNames(context("userNames") ?? "hashed"),
    limits: limits(context("limits")),
    alarmEmail: email(context("alarmEmail")),
  };
}

/** Lower case, as the name becomes part of an SSM parameter and of generated names. */
function stackName(value: unknown): string {
  if (typeof value === "string" && /^[a-z][a-z0-9-]{0,39}$/.test(value)) return value;
  throw new SettingError("name", value, "a-z, 0-9 and -, at most 40, a letter first");
}

function days(value: unknown): number {
  const number = /^[0-9]{1,4}$/.test(String(value)) ? Number(value) : 0;
  if (number >= 1 && number <= MOST_RETENTION_DAYS) return number;
  throw new SettingError("retentionDays", value, `whole days, 1 to ${MOST_RETENTION_DAYS}`);
}

function userNames(value: unknown): Settings["userNames"] {
  if (value === "hashed" || value === "plain") return value;
  throw new SettingError("userNames", value, "hashed or plain");
}

function limits(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  try {
    parseLimits(String(value));
    return String(value);
  } catch (error) {
    throw new SettingError("limits", value, (error as Error).message);
  }
}

function email(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (/^[^\s@]+@[^\s@]+$/.test(String(value))) return String(value);
  throw new SettingError("alarmEmail", value, "an e-mail address");
}
