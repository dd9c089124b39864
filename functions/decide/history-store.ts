/**
 * Histories put away as plain numbers until their neighbours have been seen: a million objects would take a gigabyte
 * and the garbage collector's time.
 */
import type { AddressHistory, UserDay } from "../count/counter.ts";
import { type Sums, sumsOf } from "./harmless.ts";
import { createNumberStore, type NumberStore } from "./number-store.ts";
import { createWordList, type WordList } from "./word-list.ts";

/** Tells a history in its store. */
export type HistoryRef = number;

export interface HistoryStore {
  put(history: AddressHistory): HistoryRef;
  get(ref: HistoryRef): AddressHistory;
  /** What tells whether the rest is worth getting. */
  sums(ref: HistoryRef): Sums;
}

export function createHistoryStore(): HistoryStore {
  const numbers = createNumberStore();
  const words = createWordList();
  const ips: string[] = [];
  const whole: AddressHistory[] = [];
  return {
    put: (history) => {
      // a view is small, and what it would give is kept elsewhere
      if (history.sums !== undefined) return -whole.push(history);
      numbers.begin(sizeOf(history));
      numbers.write(ips.push(history.ip) - 1);
      writeSums(sumsOf(history), numbers);
      write(history, numbers, words);
      return numbers.end() ?? -whole.push(history);
    },
    get: (ref) => (ref < 0 ? whole[-ref - 1]! : read(ref, numbers, words, ips)),
    sums: (ref) => (ref < 0 ? sumsOf(whole[-ref - 1]!) : readSums(ref + 1, numbers)),
  };
}

function writeSums({ attempts, probes, successes, hours }: Sums, { write }: NumberStore): void {
  write(attempts);
  write(probes);
  write(successes);
  write(hours);
}

function readSums(start: number, { at }: NumberStore): Sums {
  return { attempts: at(start), probes: at(start + 1), successes: at(start + 2), hours: at(start + 3) };
}

/** The address's number and the sums. */
const HEAD = 5;

function write(history: AddressHistory, numbers: NumberStore, words: WordList): void {
  const { hours, services, userDays, users, first, last, firstSuccess } = history;
  const { write: put } = numbers;
  put(users);
  put(first);
  put(last);
  put(orNone(firstSuccess));
  put(services.length);
  for (const service of services) put(words.add(service));
  put(hours.length);
  for (const { hour, host, attempts, events, probes, successes } of hours) {
    put(hour);
    put(words.add(host));
    put(attempts);
    put(events);
    put(probes);
    put(successes);
  }
  put(userDays.length);
  for (const { day, tried, triedBy, triedCount, succeeded } of userDays) {
    put(day);
    put(triedCount);
    writeCounts(tried, numbers, words);
    writeCounts(succeeded, numbers, words);
    put(orNone(triedBy?.size));
    for (const [host, own] of triedBy ?? []) {
      put(words.add(host));
      writeCounts(own, numbers, words);
    }
  }
}

/** 0 stands for undefined. */
function orNone(number: number | undefined): number {
  return number === undefined ? 0 : number + 1;
}

function writeCounts(counts: ReadonlyMap<string, number>, { write }: NumberStore, words: WordList): void {
  write(counts.size);
  for (const [word, count] of counts) {
    write(words.add(word));
    write(count);
  }
}

function sizeOf({ services, hours, userDays }: AddressHistory): number {
  let size = HEAD + 7 + services.length + hours.length * 6;
  for (const { tried, succeeded, triedBy } of userDays) {
    size += 5 + (tried.size + succeeded.size) * 2;
    for (const own of triedBy?.values() ?? []) size += 2 + own.size * 2;
  }
  return size;
}

function read(
  ref: HistoryRef,
  numbers: NumberStore,
  words: WordList,
  ips: readonly string[],
): AddressHistory {
  const next = numbers.readFrom(ref + HEAD);
  const many = <T>(one: () => T) => {
    const all: T[] = [];
    for (let left = next(); left > 0; left--) all.push(one());
    return all;
  };
  const orNothing = () => {
    const number = next();
    return number === 0 ? undefined : number - 1;
  };
  const word = () => words.at(next());
  const counts = () => new Map(many(() => [word(), next()]));
  const ip = ips[numbers.at(ref)]!;
  const [users, first, last, firstSuccess] = [next(), next(), next(), orNothing()];
  return {
    ip,
    users,
    first,
    last,
    firstSuccess,
    services: many(word) as AddressHistory["services"],
    hours: many(() => ({
      hour: next(),
      host: word(),
      attempts: next(),
      events: next(),
      probes: next(),
      successes: next(),
    })),
    userDays: many((): UserDay => {
      const day = { day: next(), triedCount: next(), tried: counts(), succeeded: counts() };
      const hosts = orNothing();
      if (hosts === undefined) return { ...day, triedBy: undefined };
      return { ...day, triedBy: new Map(Array.from({ length: hosts }, () => [word(), counts()])) };
    }),
  };
}
