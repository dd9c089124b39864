import type { Service } from "../parse/event.ts";
import type { AddressHistory, HistorySums, HourCount, UserDay } from "./counter.ts";
import { addCounts, hourCounts, hourGroups, NOTHING } from "./history.ts";
import { SECONDS_PER_DAY, type Tally } from "./tally.ts";
import { entriesOf } from "./tally-order.ts";
import { cellsOf, daysOf, type RowContext, rowsOfAddress, spanOf } from "./tally-rows.ts";
import { serviceList, servicesIn, TallyView, usersTried } from "./tally-view.ts";
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
  return parts.length === 1 ? new TallyView(number, parts[0]!) : new TalliesView(number, parts);
}

/** One address as several tallies tell of it. Makes what takes time when somebody asks. */
class TalliesView implements AddressHistory {
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
      const span = spanOf(entriesOf(tally, number));
      first = Math.min(first, span.first);
      last = Math.max(last, span.last);
      firstSuccess = Math.min(firstSuccess, span.firstSuccess ?? Infinity);
    }
    this.first = first;
    this.last = last;
    this.firstSuccess = Number.isFinite(firstSuccess) ? firstSuccess : undefined;
    this.sums = this.sumsOfHours();
  }

  get hours(): HourCount[] {
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
    const found = this.parts.map(({ tally }) => servicesIn(entriesOf(tally, this.number)));
    return serviceList(found.reduce((all, services) => all | services, 0));
  }

  get users(): number {
    const names = this.parts.flatMap(({ tally }) =>
      usersTried(entriesOf(tally, this.number)).map((user) => tally.users.nameOf(user)),
    );
    return new Set(names).size;
  }

  get userDays(): UserDay[] {
    return userDaysOf(this.parts.flatMap(({ tally, context }) => rowsOfAddress(tally, this.ip, context)));
  }

  private sumsOfHours(): HistorySums {
    const { hours } = this;
    const hosts = [...new Set(hours.map(({ host }) => host))];
    return { ...hours.reduce(addCounts, NOTHING), hours: hours.length, hosts };
  }
}
