import type { EpochSeconds, Service } from "../parse/event.ts";
import { serviceIn, WHAT, whatIn } from "../parse/login.ts";
import type { AddressHistory, DayTries, HistorySums, HourCount, UserDay } from "./counter.ts";
import { beginDistinct, isNew } from "./distinct.ts";
import { ENTRY, WIDTH } from "./entries.ts";
import { eachHour } from "./entry-hours.ts";
import { NOTHING } from "./history.ts";
import { SECONDS_PER_DAY, settle, type Tally } from "./tally.ts";
import type { TallyPart } from "./tally-history.ts";
import { type DayEntries, daysOf, spanOf, USERS_KEPT, userCountsOf } from "./tally-rows.ts";

/** One address as one tally alone tells of it: most are. Whatever takes time is made when somebody asks. */
export class TallyView implements AddressHistory {
  readonly ip: string;
  readonly first: EpochSeconds;
  readonly last: EpochSeconds;
  readonly firstSuccess: EpochSeconds | undefined;
  readonly sums: HistorySums;
  private readonly number: number;
  private readonly part: TallyPart;

  constructor(number: number, part: TallyPart) {
    this.number = number;
    this.part = part;
    const { tally } = part;
    this.ip = tally.addresses.addressOf(number);
    const entries = rangeOf(tally, number);
    const { first, last, firstSuccess } = spanOf(tally, entries);
    this.first = first;
    this.last = last;
    this.firstSuccess = firstSuccess;
    this.sums = sumsOf(entries, part);
  }

  get hours(): HourCount[] {
    const { tally, context } = this.part;
    const { from, to } = rangeOf(tally, this.number);
    const hours: HourCount[] = [];
    eachHour(tally.entries.values, from, to, (hour, counts) => {
      const [attempts = 0, events = 0, probes = 0, successes = 0] = counts;
      hours.push({ hour: hour * 3600, host: context.host, attempts, events, probes, successes });
    });
    return hours;
  }

  get services(): Service[] {
    return [...servicesIn(this.part.tally, this.number)].sort();
  }

  get users(): number {
    return usersTried(this.part.tally, rangeOf(this.part.tally, this.number)).length;
  }

  get userDays(): UserDay[] {
    const { tally } = this.part;
    return daysOf(tally, this.number).map((entries) => userDay(tally, entries));
  }

  tries(countProbes: boolean, since: EpochSeconds): DayTries[] {
    const { tally } = this.part;
    return daysOf(tally, this.number).flatMap((entries) =>
      entries.day * SECONDS_PER_DAY < since ? [] : dayTries(tally, entries, countProbes),
    );
  }
}

/** All of an address's entries. */
export function rangeOf(tally: Tally, number: number): Pick<DayEntries, "from" | "to"> {
  const starts = settle(tally);
  return { from: starts[number]!, to: starts[number + 1]! };
}

export function servicesIn(tally: Tally, number: number): Set<Service> {
  const found = new Set<Service>();
  const { values } = tally.entries;
  const { from, to } = rangeOf(tally, number);
  let last = -1;
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
    const code = values[at + ENTRY.CODE]!;
    if (code !== last) found.add(serviceIn(code));
    last = code;
  }
  return found;
}

/** Numbers of the different users that were tried. */
export function usersTried(
  { entries: { values } }: Tally,
  { from, to }: Pick<DayEntries, "from" | "to">,
): number[] {
  const users: number[] = [];
  beginDistinct();
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
    const user = values[at + ENTRY.USER]!;
    if (user > 0 && whatIn(values[at + ENTRY.CODE]!) === WHAT.ATTEMPT && isNew(user)) users.push(user);
  }
  return users;
}

/** Hosts of a part, one list for all of its addresses. */
const hosts = new WeakMap<TallyPart, readonly string[]>();

function hostsOf(part: TallyPart): readonly string[] {
  const known = hosts.get(part);
  if (known !== undefined) return known;
  const made = [part.context.host];
  hosts.set(part, made);
  return made;
}

function sumsOf({ from, to }: Pick<DayEntries, "from" | "to">, part: TallyPart): HistorySums {
  const sums = { ...NOTHING, hours: 0, hosts: hostsOf(part) };
  eachHour(part.tally.entries.values, from, to, (_hour, counts) => {
    sums.attempts += counts[0]!;
    sums.events += counts[1]!;
    sums.probes += counts[2]!;
    sums.successes += counts[3]!;
    sums.hours++;
  });
  return sums;
}

function userDay(tally: Tally, entries: DayEntries): UserDay {
  const { tried, triedCount, succeeded } = userCountsOf(tally, entries);
  const day = entries.day * SECONDS_PER_DAY;
  return { day, tried: new Map(tried), triedCount, succeeded: new Map(succeeded) };
}

/** A day without attempts is none. */
function dayTries(tally: Tally, entries: DayEntries, countProbes: boolean): DayTries[] {
  let [attempts, hours, lastHour] = [0, 0, 0];
  eachHour(tally.entries.values, entries.from, entries.to, (hour, counts) => {
    const tried = countProbes ? counts[0]! + counts[2]! : counts[0]!;
    if (tried === 0) return;
    attempts += tried;
    hours++;
    lastHour = hour * 3600;
  });
  if (hours === 0) return [];
  const users = mostTried(tally, entries);
  return [{ day: entries.day * SECONDS_PER_DAY, attempts, hours, lastHour, users }];
}

/** Those whom rows would keep. */
function mostTried(tally: Tally, entries: DayEntries): string[] {
  const users = usersTried(tally, entries);
  const { names } = tally.users;
  if (users.length <= USERS_KEPT) return users.map((user) => names[user - 1]!);
  return userCountsOf(tally, entries).tried.map(([name]) => name);
}
