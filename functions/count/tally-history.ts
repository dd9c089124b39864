import type { Service } from "../parse/event.ts";
import { SERVICES } from "../parse/event.ts";
import { serviceIn, WHAT, whatIn } from "../parse/login.ts";
import type { AddressHistory, HistorySums, HourCount, UserDay } from "./counter.ts";
import { ENTRY, WIDTH } from "./entries.ts";
import { eachHour } from "./entry-hours.ts";
import { addCounts, hourCounts, hourGroups, NOTHING } from "./history.ts";
import { SECONDS_PER_DAY, settle, type Tally } from "./tally.ts";
import {
  cellsOf,
  type DayEntries,
  daysOf,
  type RowContext,
  rowsOfAddress,
  spanOf,
  userCountsOf,
} from "./tally-rows.ts";
import { userDaysOf } from "./user-days.ts";

/** A tally that is still in memory, and what its rows would have in common. */
export interface TallyPart {
  tally: Tally;
  context: RowContext;
}

/**
 * As `historyOf` over the rows that the tallies would give, but without making them.
 * @param number an address's; @param parts tallies with one address book, each of which holds something of it
 */
export function historyOfTallies(number: number, parts: readonly TallyPart[]): AddressHistory {
  return new TallyHistory(number, parts);
}

/** Whether the tally holds anything of the address of that number. */
export function hasAddress(tally: Tally, number: number): boolean {
  const starts = settle(tally);
  return number + 1 < starts.length && starts[number]! < starts[number + 1]!;
}

/** Makes what takes time when somebody asks: of most addresses only the sums are wanted. */
class TallyHistory implements AddressHistory {
  readonly ip: string;
  readonly first: number;
  readonly last: number;
  readonly firstSuccess: number | undefined;
  readonly sums: HistorySums;
  private readonly number: number;
  private readonly parts: readonly TallyPart[];

  constructor(number: number, parts: readonly TallyPart[]) {
    this.number = number;
    this.parts = parts;
    this.ip = parts[0]!.tally.addresses.addressOf(number);
    let [first, last, firstSuccess] = [Infinity, 0, Infinity];
    for (const { tally } of parts) {
      const span = spanOf(tally, rangeOf(tally, number));
      first = Math.min(first, span.first);
      last = Math.max(last, span.last);
      firstSuccess = Math.min(firstSuccess, span.firstSuccess ?? Infinity);
    }
    this.first = first;
    this.last = last;
    this.firstSuccess = Number.isFinite(firstSuccess) ? firstSuccess : undefined;
    this.sums = parts.length === 1 ? sumsOfOne(number, parts[0]!) : this.sumsOfHours();
  }

  get hours(): HourCount[] {
    const [only] = this.parts;
    if (this.parts.length === 1 && only !== undefined) return hoursOfOne(this.number, only);
    const groups = hourGroups();
    for (const { tally, context } of this.parts) {
      for (const entries of daysOf(tally, this.number)) {
        const midnight = entries.day * SECONDS_PER_DAY;
        for (const cell of cellsOf(tally, entries))
          groups.add(midnight + cell.hour * 3600, context.host, cell);
      }
    }
    return hourCounts(groups.all);
  }

  get services(): Service[] {
    const found = new Set<Service>();
    for (const { tally } of this.parts) {
      const { from, to } = rangeOf(tally, this.number);
      for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH)
        found.add(serviceIn(tally.entries.values[at + ENTRY.CODE]!));
      if (found.size === SERVICES.length) break;
    }
    return [...found].sort();
  }

  get users(): number {
    const [only] = this.parts;
    if (this.parts.length === 1 && only !== undefined) return usersTried(only.tally, this.number).size;
    const names = new Set<string>();
    for (const { tally } of this.parts) {
      for (const user of usersTried(tally, this.number)) names.add(tally.users.names[user - 1]!);
    }
    return names.size;
  }

  get userDays(): UserDay[] {
    const [only] = this.parts;
    if (this.parts.length === 1 && only !== undefined)
      return daysOf(only.tally, this.number).map((entries) => userDay(only.tally, entries));
    return userDaysOf(this.parts.flatMap(({ tally, context }) => rowsOfAddress(tally, this.ip, context)));
  }

  private sumsOfHours(): HistorySums {
    const { hours } = this;
    const hosts = [...new Set(hours.map(({ host }) => host))];
    return { ...hours.reduce(addCounts, NOTHING), hours: hours.length, hosts };
  }
}

function userDay(tally: Tally, entries: DayEntries): UserDay {
  const { tried, triedCount, succeeded } = userCountsOf(tally, entries);
  const day = entries.day * SECONDS_PER_DAY;
  return { day, tried: new Map(tried), triedCount, succeeded: new Map(succeeded) };
}

/** All of an address's entries. */
function rangeOf(tally: Tally, number: number): Pick<DayEntries, "from" | "to"> {
  const starts = settle(tally);
  return { from: starts[number]!, to: starts[number + 1]! };
}

function hoursOfOne(number: number, { tally, context }: TallyPart): HourCount[] {
  const hours: HourCount[] = [];
  const { from, to } = rangeOf(tally, number);
  eachHour(tally.entries.values, from, to, (hour, counts) => {
    const [attempts = 0, events = 0, probes = 0, successes = 0] = counts;
    hours.push({ hour: hour * 3600, host: context.host, attempts, events, probes, successes });
  });
  return hours;
}

function sumsOfOne(number: number, { tally, context }: TallyPart): HistorySums {
  const sums = { ...NOTHING, hours: 0, hosts: [context.host] };
  const { from, to } = rangeOf(tally, number);
  eachHour(tally.entries.values, from, to, (_hour, counts) => {
    sums.attempts += counts[0]!;
    sums.events += counts[1]!;
    sums.probes += counts[2]!;
    sums.successes += counts[3]!;
    sums.hours++;
  });
  return sums;
}

/** Numbers of different users that were tried. */
function usersTried(tally: Tally, number: number): Set<number> {
  const { values } = tally.entries;
  const { from, to } = rangeOf(tally, number);
  const users = new Set<number>();
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
    const user = values[at + ENTRY.USER]!;
    if (user > 0 && whatIn(values[at + ENTRY.CODE]!) === WHAT.ATTEMPT) users.add(user);
  }
  return users;
}
