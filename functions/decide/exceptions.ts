import type { EpochSeconds } from "../parse/event.ts";
import type { Network } from "./decision.ts";
import { contains, networkText, parseNetwork } from "./network.ts";

/** Somebody's word, from `at` until `until`. */
export interface Word {
  reason: string;
  /** Who said so. */
  by: string;
  at: EpochSeconds;
  until: EpochSeconds;
}

/** This network is not to be banned. */
export interface Unban extends Word {
  network: Network;
}

/** What was decided by hand, past the rules and the guard: all of it, also what has ended; the newest last. */
export interface Exceptions {
  unbans: Unban[];
  /** While one is in force the list stays as it was, but for unbans and what ends. */
  pauses: Word[];
}

export const NO_EXCEPTIONS: Exceptions = { unbans: [], pauses: [] };

/** The stored exceptions are damaged. */
export class BadExceptions extends Error {
  override name = "BadExceptions";
  constructor(problem: string, options?: ErrorOptions) {
    super(
      `policy/exceptions.json cannot be used: ${problem}; mend it or put an earlier version back`,
      options,
    );
  }
}

export function isInForce({ at, until }: Word, now: EpochSeconds): boolean {
  return at <= now && now < until;
}

/** The pause in force, the one that lasts longest. */
export function pauseAt({ pauses }: Exceptions, now: EpochSeconds): Word | undefined {
  return pauses.filter((pause) => isInForce(pause, now)).sort((a, b) => b.until - a.until)[0];
}

export function unbansAt({ unbans }: Exceptions, now: EpochSeconds): Unban[] {
  return unbans.filter((unban) => isInForce(unban, now));
}

/** The unbans whose network holds the given one, or lies in it. */
export function unbansOf({ unbans }: Exceptions, network: Network): Unban[] {
  const asked = parseNetwork(network);
  return unbans.filter((unban) => {
    const own = parseNetwork(unban.network);
    return contains(own, asked) || contains(asked, own);
  });
}

/** With one more unban; ended ones are forgotten where there are too many. */
export function withUnban(exceptions: Exceptions, unban: Unban): Exceptions {
  return { ...exceptions, unbans: newest([...exceptions.unbans, unban], unban.at) };
}

export function withPause(exceptions: Exceptions, pause: Word): Exceptions {
  return { ...exceptions, pauses: newest([...exceptions.pauses, pause], pause.at) };
}

/** Ends all pauses that are in force. */
export function withoutPause(exceptions: Exceptions, now: EpochSeconds): Exceptions {
  return { ...exceptions, pauses: exceptions.pauses.map((pause) => ended(pause, now)) };
}

/** Ends the unbans of a network that are in force. */
export function withoutUnban(exceptions: Exceptions, network: Network, now: EpochSeconds): Exceptions {
  const unbans = exceptions.unbans.map((unban) => (unban.network === network ? ended(unban, now) : unban));
  return { ...exceptions, unbans };
}

/** Reads the stored text strictly. @throws BadExceptions */
export function parseExceptions(text: string): Exceptions {
  try {
    const { unbans, pauses } = JSON.parse(text) as Record<string, unknown>;
    return {
      unbans: items(unbans).map((item) => ({
        network: networkText(parseNetwork(String(item.network))),
        ...wordOf(item),
      })),
      pauses: items(pauses).map(wordOf),
    };
  } catch (cause) {
    if (cause instanceof BadExceptions) throw cause;
    throw new BadExceptions((cause as Error).message, { cause });
  }
}

const MOST = 10_000;

function newest<T extends Word>(words: T[], now: EpochSeconds): T[] {
  if (words.length <= MOST) return words;
  const stale = words.findIndex((word) => !isInForce(word, now));
  if (stale < 0) throw new BadExceptions(`it would hold more than ${MOST} unbans in force: use ignoreip`);
  return words.toSpliced(stale, 1);
}

function ended<T extends Word>(word: T, now: EpochSeconds): T {
  return isInForce(word, now) ? { ...word, until: now } : word;
}

function items(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw new BadExceptions("it has no lists unbans and pauses");
  return value as Record<string, unknown>[];
}

function wordOf({ reason, by, at, until }: Record<string, unknown>): Word {
  if (!Number.isSafeInteger(at) || !Number.isSafeInteger(until))
    throw new BadExceptions("a time is no number");
  return { reason: String(reason), by: String(by), at: at as number, until: until as number };
}
