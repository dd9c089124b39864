import type { CounterRow, UserDay } from "./counter.ts";

/**
 * What users did, by UTC day, all hosts together. Rows of one log are parts of it and add up; several logs of one
 * host tell of the same attempts, so the largest counts.
 */
export function userDaysOf(rows: readonly CounterRow[]): UserDay[] {
  const days = Map.groupBy(rows, (row) => row.day);
  return [...days].map(([day, own]) => userDay(Date.parse(day) / 1000, own)).sort((a, b) => a.day - b.day);
}

function userDay(day: number, rows: readonly CounterRow[]): UserDay {
  const [only] = rows;
  if (only !== undefined && rows.length === 1) return userDayOf(day, only);
  const tried = new Map<string, number>();
  const succeeded = new Map<string, number>();
  const triedBy = new Map<string, ReadonlyMap<string, number>>();
  for (const [host, logs] of Map.groupBy(rows, (row) => row.host)) {
    const own = largestByLog(logs, (row) => row.users);
    triedBy.set(host, own);
    addAll(tried, own);
    addAll(
      succeeded,
      largestByLog(logs, (row) => row.successUsers),
    );
  }
  // rows keep the most tried users only, and how many there were
  const triedCount = rows.reduce((most, row) => Math.max(most, row.userCount), tried.size);
  return { day, tried, triedBy: triedBy.size > 1 ? triedBy : undefined, triedCount, succeeded };
}

function userDayOf(day: number, { users, userCount, successUsers }: CounterRow): UserDay {
  const tried = new Map(Object.entries(users));
  return {
    day,
    tried,
    triedCount: Math.max(userCount, tried.size),
    succeeded: new Map(Object.entries(successUsers)),
  };
}

function largestByLog(rows: readonly CounterRow[], of: (row: CounterRow) => Record<string, number>) {
  const largest = new Map<string, number>();
  for (const parts of Map.groupBy(rows, (row) => row.cells[0]?.logName).values()) {
    const sums = new Map<string, number>();
    for (const part of parts) addAll(sums, new Map(Object.entries(of(part))));
    for (const [user, count] of sums) largest.set(user, Math.max(count, largest.get(user) ?? 0));
  }
  return largest;
}

function addAll(sums: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [user, count] of counts) sums.set(user, (sums.get(user) ?? 0) + count);
}
