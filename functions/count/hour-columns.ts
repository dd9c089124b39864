import type { AddressHistory, HourCount } from "./counter.ts";

/**
 * The hours of a history as columns of numbers, in order: what looks at each of a million addresses makes no object for each of
 * their hours. Used again and again, so that nothing of it is kept.
 */
export class HourColumns {
  size = 0;
  /** Start of the hour. */
  readonly hour: number[] = [];
  readonly host: string[] = [];
  readonly attempts: number[] = [];
  readonly events: number[] = [];
  readonly probes: number[] = [];
  readonly successes: number[] = [];

  clear(): void {
    this.size = 0;
  }

  add(hour: number, host: string, attempts: number, events: number, probes: number, successes: number): void {
    const at = this.size++;
    this.hour[at] = hour;
    this.host[at] = host;
    this.attempts[at] = attempts;
    this.events[at] = events;
    this.probes[at] = probes;
    this.successes[at] = successes;
  }

  at(index: number): HourCount {
    return {
      hour: this.hour[index]!,
      host: this.host[index]!,
      attempts: this.attempts[index]!,
      events: this.events[index]!,
      probes: this.probes[index]!,
      successes: this.successes[index]!,
    };
  }
}

/** Good until the columns of another history are asked for. */
export function columnsOf(history: Pick<AddressHistory, "hours" | "columns">): HourColumns {
  return history.columns?.() ?? columnsOfHours(history.hours);
}

const scratch = new HourColumns();

/** The same of hours in any order. */
export function columnsOfHours(hours: readonly HourCount[]): HourColumns {
  scratch.clear();
  for (const { hour, host, attempts, events, probes, successes } of inOrder(hours))
    scratch.add(hour, host, attempts, events, probes, successes);
  return scratch;
}

/** By hour. Histories are in order already; sorting a million would cost. */
function inOrder(hours: readonly HourCount[]): readonly HourCount[] {
  const isOrdered = hours.every(({ hour }, i) => i === 0 || hours[i - 1]!.hour <= hour);
  return isOrdered ? hours : [...hours].sort((a, b) => a.hour - b.hour);
}
