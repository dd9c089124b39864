import type { Address } from "../parse/event.ts";
import type { AddressHistory, UserDay } from "./counter.ts";
import { hourCounts, hourGroups } from "./history.ts";
import { secondKey, value } from "./number-table.ts";
import { DAY, SECONDS_PER_DAY, type Tally, TRY } from "./tally.ts";
import { cellsOf, chain, daysOf, type RowContext, rowsOfAddress, userCountsOf } from "./tally-rows.ts";
import { userDaysOf } from "./user-days.ts";

/** A tally that is still in memory, and what its rows would have in common. */
export interface TallyPart {
  tally: Tally;
  context: RowContext;
}

/** As `historyOf` over the rows that the tallies would give, but without making them. */
export function historyOfTallies(ip: Address, parts: readonly TallyPart[]): AddressHistory {
  const groups = hourGroups();
  const services = new Set<AddressHistory["services"][number]>();
  const span = { first: Number.POSITIVE_INFINITY, last: 0, firstSuccess: Number.POSITIVE_INFINITY };
  for (const { tally, context } of parts) {
    for (const row of daysOf(tally, ip)) {
      widen(span, tally, row);
      const midnight = secondKey(tally.days, row) * SECONDS_PER_DAY;
      for (const cell of cellsOf(tally, row)) {
        services.add(cell.service);
        groups.add(midnight + cell.hour * 3600, context.host, cell);
      }
    }
  }
  return {
    ip,
    hours: hourCounts(groups.all),
    services: [...services].sort(),
    users: usersOf(ip, parts),
    first: span.first,
    last: span.last,
    firstSuccess: Number.isFinite(span.firstSuccess) ? span.firstSuccess : undefined,
    // few are asked for: only who offends, and only where users log in too
    get userDays() {
      return userDays(ip, parts);
    },
  };
}

function userDays(ip: Address, parts: readonly TallyPart[]): UserDay[] {
  const [only] = parts;
  if (only === undefined || parts.length > 1) {
    return userDaysOf(parts.flatMap(({ tally, context }) => [...rowsOfAddress(tally, ip, context)]));
  }
  const days = daysOf(only.tally, ip).map((row) => userDay(only.tally, row));
  return days.length === 1 ? days : days.sort((a, b) => a.day - b.day);
}

function userDay(tally: Tally, row: number): UserDay {
  const { tried, triedCount, succeeded } = userCountsOf(tally, row);
  const day = secondKey(tally.days, row) * SECONDS_PER_DAY;
  return { day, tried: new Map(tried), triedCount, succeeded: new Map(succeeded) };
}

function widen(
  span: { first: number; last: number; firstSuccess: number },
  { days }: Tally,
  row: number,
): void {
  const firstSuccess = value(days, row, DAY.FIRST_SUCCESS);
  span.first = Math.min(span.first, value(days, row, DAY.FIRST));
  span.last = Math.max(span.last, value(days, row, DAY.LAST));
  if (firstSuccess > 0) span.firstSuccess = Math.min(span.firstSuccess, firstSuccess);
}

/** Different users that were tried. */
function usersOf(ip: Address, parts: readonly TallyPart[]): number {
  const [only] = parts;
  const days = parts.length === 1 && only !== undefined ? daysOf(only.tally, ip) : [];
  if (days.length === 1) return value(only!.tally.days, days[0]!, DAY.TRIED);
  const names = new Set<string>();
  for (const { tally } of parts) {
    for (const day of daysOf(tally, ip)) {
      for (const row of chain(tally.tries, value(tally.days, day, DAY.TRIES), TRY.NEXT)) {
        const tried = value(tally.tries, row, TRY.LOGIN) + value(tally.tries, row, TRY.AUTH);
        if (tried > 0) names.add(tally.users.names[secondKey(tally.tries, row)]!);
      }
    }
  }
  return names.size;
}
