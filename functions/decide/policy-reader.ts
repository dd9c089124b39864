/** Strict reading of a JSON value into typed members: unknown keys and nonsense are refused by path. */
import type { Network } from "./decision.ts";
import { DURATION, durationText, parseDuration, type Seconds } from "./duration.ts";
import { BadNetwork, networkText, parseNetwork } from "./network.ts";

export interface Reader<T> {
  /** Returns the value as read, or throws `BadPolicy` naming `path`. `base` is what left-out members get. */
  read(value: unknown, path: string, base: T): T;
  /** The same for other programs: JSON Schema 2020-12. */
  schema: Schema;
}

export type Schema = Readonly<Record<string, unknown>>;

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

/** An object whose members are known; all problems within are gathered before anything is thrown. */
export function object<T extends object>(members: Members<T>): Reader<T> {
  const keys = Object.keys(members) as (keyof T & string)[];
  const properties = Object.fromEntries(keys.map((key) => [key, members[key].schema]));
  return {
    schema: { type: "object", properties, additionalProperties: false },
    read: (value, path, base) => {
      if (!isObject(value)) throw refusal(path, "must be an object");
      const read = { ...base };
      const problems = unknownKeys(value, keys, path);
      for (const key of keys) {
        if (!Object.hasOwn(value, key)) continue;
        try {
          read[key] = members[key].read(value[key], joined(path, key), base[key]);
        } catch (error) {
          if (!(error instanceof BadPolicy)) throw error;
          problems.push(...error.problems);
        }
      }
      if (problems.length > 0) throw new BadPolicy(problems);
      return read;
    },
  };
}

/** The same reader, with a sentence about the member in its schema. */
export function about<T>(description: string, reader: Reader<T>): Reader<T> {
  return { ...reader, schema: { description, ...reader.schema } };
}

export interface Bounds {
  least: number;
  most: number;
}

export function number(bounds: Bounds): Reader<number> {
  return {
    schema: { type: "integer", minimum: bounds.least, maximum: bounds.most },
    read: (value, path) => {
      if (!Number.isSafeInteger(value)) throw refusal(path, `must be a whole number, ${between(bounds)}`);
      return bounded(value as number, path, bounds);
    },
  };
}

export function fraction(bounds: Bounds): Reader<number> {
  return {
    schema: { type: "number", minimum: bounds.least, maximum: bounds.most },
    read: (value, path) => {
      if (typeof value !== "number" || !Number.isFinite(value))
        throw refusal(path, `must be a number, ${between(bounds)}`);
      return bounded(value, path, bounds);
    },
  };
}

export function duration(bounds: Bounds & { multipleOf?: Seconds }): Reader<Seconds> {
  const range = `${durationText(bounds.least)} to ${durationText(bounds.most)}`;
  const unit = bounds.multipleOf;
  const whole = unit === undefined ? "" : `, a multiple of ${durationText(unit)}`;
  return {
    // bounds of a duration cannot be said in JSON Schema
    schema: { type: "string", pattern: DURATION.source, $comment: `${range}${whole}` },
    read: (value, path) => {
      const seconds = typeof value === "string" ? parseDuration(value) : undefined;
      if (seconds === undefined)
        throw refusal(path, 'must be a duration such as "24h" or "7d" (s, m, h, d, w)');
      if (seconds < bounds.least || seconds > bounds.most) throw refusal(path, `must be ${range}`);
      if (unit !== undefined && seconds % unit !== 0)
        throw refusal(path, `must be a multiple of ${durationText(unit)}`);
      return seconds;
    },
  };
}

export function text(pattern: RegExp, what: string): Reader<string> {
  return {
    schema: { type: "string", pattern: pattern.source },
    read: (value, path) => {
      if (typeof value !== "string" || !pattern.test(value)) throw refusal(path, `must be ${what}`);
      return value;
    },
  };
}

export function oneOf<T extends string | boolean>(...choices: T[]): Reader<T> {
  return {
    schema: { enum: choices },
    read: (value, path) => {
      if (!choices.includes(value as T))
        throw refusal(path, `must be ${choices.map((c) => JSON.stringify(c)).join(" or ")}`);
      return value as T;
    },
  };
}

/** More would be no policy but a list, which has its own place. */
const MAX_ITEMS = 100_000;

export function list<T>(item: Reader<T>): Reader<T[]> {
  return {
    schema: { type: "array", items: item.schema, maxItems: MAX_ITEMS },
    read: (value, path) => {
      if (!Array.isArray(value)) throw refusal(path, "must be a list");
      if (value.length > MAX_ITEMS) throw refusal(path, `must have at most ${MAX_ITEMS} items`);
      return value.map((entry, i) => item.read(entry, `${path}[${i}]`, entry as T));
    },
  };
}

/** Addresses and CIDR networks, canonical in the result. `/0` is refused: it is everybody. */
export const networks: Reader<Network[]> = list({
  schema: { type: "string", maxLength: 49, $comment: "an address or a CIDR network" },
  read: (value, path) => {
    if (typeof value !== "string") throw refusal(path, "must be an address or network in quotes");
    try {
      const network = parseNetwork(value);
      if (network.prefix === 0) throw refusal(path, "is the whole Internet");
      return networkText(network);
    } catch (error) {
      throw error instanceof BadNetwork ? refusal(path, error.message) : error;
    }
  },
});

function unknownKeys(value: object, known: readonly string[], path: string): string[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map(
      (key) => `${joined(path, key.slice(0, 64))}: is not a key of a policy; known here: ${known.join(", ")}`,
    );
}

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
