/** Strict reading of a JSON value into typed members: unknown keys and nonsense are refused by path. */
import type { Network } from "./decision.ts";
import { durationText, parseDuration, type Seconds } from "./duration.ts";
import { BadNetwork, networkText, parseNetwork } from "./network.ts";

/** Returns the value as read, or throws `BadPolicy` naming `path`. `base` is what left-out members get. */
export type Reader<T> = (value: unknown, path: string, base: T) => T;

export type Members<T> = { [K in keyof T]-?: Reader<T[K]> };

/** Thrown for a policy that cannot be used; `problems` are lines `path: what is wrong`. */
export class BadPolicy extends Error {
  override name = "BadPolicy";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the policy cannot be used:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

interface Extra<T> {
  refused?: readonly (keyof T & string)[];
  check?: (read: T) => string[];
}

/** Reads the outermost object. All problems are gathered before anything is thrown. */
export function membersOf<T extends object>(
  json: unknown,
  members: Members<T>,
  base: T,
  extra: Extra<T> = {},
): T {
  const refused = (extra.refused ?? []).filter((key) => isObject(json) && key in json);
  if (refused.length > 0) {
    throw new BadPolicy(refused.map((key) => `${key}: is not applied by this version yet; leave it out`));
  }
  const read = object(members)(json, "", base);
  const problems = extra.check?.(read) ?? [];
  if (problems.length > 0) throw new BadPolicy(problems);
  return read;
}

export function object<T extends object>(members: Members<T>): Reader<T> {
  return (value, path, base) => {
    if (!isObject(value)) throw refusal(path, "must be an object");
    const read = { ...base };
    const problems = Object.keys(value)
      .filter((key) => !Object.hasOwn(members, key))
      .map(
        (key) =>
          `${joined(path, key.slice(0, 64))}: is not a key of a policy; known here: ${Object.keys(members).join(", ")}`,
      );
    for (const key of Object.keys(members) as (keyof T & string)[]) {
      if (!Object.hasOwn(value, key)) continue;
      try {
        read[key] = members[key](value[key], joined(path, key), base[key]);
      } catch (error) {
        if (!(error instanceof BadPolicy)) throw error;
        problems.push(...error.problems);
      }
    }
    if (problems.length > 0) throw new BadPolicy(problems);
    return read;
  };
}

export interface Bounds {
  least: number;
  most: number;
}

export function number(bounds: Bounds): Reader<number> {
  return (value, path) => {
    if (!Number.isSafeInteger(value)) throw refusal(path, `must be a whole number, ${between(bounds)}`);
    return bounded(value as number, path, bounds);
  };
}

export function fraction(bounds: Bounds): Reader<number> {
  return (value, path) => {
    if (typeof value !== "number" || !Number.isFinite(value))
      throw refusal(path, `must be a number, ${between(bounds)}`);
    return bounded(value, path, bounds);
  };
}

export function duration(bounds: Bounds & { multipleOf?: Seconds }): Reader<Seconds> {
  const range = `${durationText(bounds.least)} to ${durationText(bounds.most)}`;
  return (value, path) => {
    const seconds = typeof value === "string" ? parseDuration(value) : undefined;
    if (seconds === undefined)
      throw refusal(path, 'must be a duration such as "24h" or "7d" (s, m, h, d, w)');
    if (seconds < bounds.least || seconds > bounds.most) throw refusal(path, `must be ${range}`);
    const unit = bounds.multipleOf;
    if (unit !== undefined && seconds % unit !== 0)
      throw refusal(path, `must be a multiple of ${durationText(unit)}`);
    return seconds;
  };
}

export function text(pattern: RegExp, what: string): Reader<string> {
  return (value, path) => {
    if (typeof value !== "string" || !pattern.test(value)) throw refusal(path, `must be ${what}`);
    return value;
  };
}

export function oneOf<T extends string | boolean>(...choices: T[]): Reader<T> {
  return (value, path) => {
    if (!choices.includes(value as T))
      throw refusal(path, `must be ${choices.map((c) => JSON.stringify(c)).join(" or ")}`);
    return value as T;
  };
}

/** More would be no policy but a list, which has its own place. */
const MAX_ITEMS = 100_000;

export function list<T>(item: (value: unknown, path: string, base: T) => T): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw refusal(path, "must be a list");
    if (value.length > MAX_ITEMS) throw refusal(path, `must have at most ${MAX_ITEMS} items`);
    return value.map((entry, i) => item(entry, `${path}[${i}]`, entry as T));
  };
}

/** Addresses and CIDR networks, canonical in the result. `/0` is refused: it is everybody. */
export const networks: Reader<Network[]> = list((value, path) => {
  if (typeof value !== "string") throw refusal(path, "must be an address or network in quotes");
  try {
    const network = parseNetwork(value);
    if (network.prefix === 0) throw refusal(path, "is the whole Internet");
    return networkText(network);
  } catch (error) {
    throw error instanceof BadNetwork ? refusal(path, error.message) : error;
  }
});

function bounded(value: number, path: string, bounds: Bounds): number {
  if (value < bounds.least || value > bounds.most) throw refusal(path, `must be ${between(bounds)}`);
  return value;
}

function between({ least, most }: Bounds): string {
  return `${least} to ${most}`;
}

function refusal(path: string, reason: string): BadPolicy {
  return new BadPolicy([`${path === "" ? "policy" : path}: ${reason}`]);
}

function joined(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
