import { type EpochSeconds, SERVICES, type Service } from "../parse/event.ts";
import { WHAT } from "../parse/login.ts";
import { WIDTH } from "../parse/login-entry.ts";
import { SERVICE_BITS, WHATS } from "./code-tables.ts";
import type { AddressHistory, HistorySums, HourCount, UserDay } from "./counter.ts";
import { Distinct } from "./distinct.ts";
import { codeAt, userAt } from "./entries.ts";
import { HourColumns } from "./hour-columns.ts";
import { renumber } from "./name-numbers.ts";
import { SECONDS_PER_DAY, type Tally } from "./tally.ts";
import type { TallyPart } from "./tally-history.ts";
import { type AddressEntries, entriesOf } from "./tally-order.ts";
import { type DayEntries, daysOf, userCountsOf } from "./tally-rows.ts";
import { type Told, tellAddress } from "./tell-address.ts";
import { tellTried } from "./tell-tried.ts";
import { TriedUsers } from "./tried-users.ts";

/** Scratch: the hours of the view that was asked for them last. */
const columns = new HourColumns();
let columnsOwner: TallyView | undefined;

const triedUsers = new TriedUsers();

/** One address as one tally alone tells of it: most are. What few are asked for is made when somebody asks. */
export class TallyView implements AddressHistory {
  readonly ip: string;
  readonly first: EpochSeconds;
  readonly last: EpochSeconds;
  readonly firstSuccess: EpochSeconds | undefined;
  readonly users: number;
  readonly services: Service[];
  readonly sums: HistorySums;
  private readonly number: number;
  private readonly part: TallyPart;

  constructor(number: number, part: TallyPart) {
    this.number = number;
    this.part = part;
    this.ip = part.tally.addresses.addressOf(number);
    const told = this.tell();
    this.first = told.first;
    this.last = told.last;
    this.firstSuccess = told.firstSuccess === Infinity ? undefined : told.firstSuccess;
    this.users = told.users;
    this.services = serviceList(told.services);
    this.sums = {
      attempts: told.attempts,
      events: told.events,
      probes: told.probes,
      successes: told.successes,
      hours: columns.size,
      hosts: hostsOf(part),
    };
  }

  columns(): HourColumns {
    if (columnsOwner !== this) this.tell();
    return columns;
  }

  private tell(): Told {
    columnsOwner = this;
    const { tally, context } = this.part;
    return tellAddress(entriesOf(tally, this.number), context.host, columns);
  }

  get hours(): HourCount[] {
    const { size } = this.columns();
    return Array.from({ length: size }, (_, index) => columns.at(index));
  }

  get userDays(): UserDay[] {
    const { tally } = this.part;
    return daysOf(tally, this.number).map((entries) => userDay(tally, entries));
  }

  triedSince(midnight: EpochSeconds, numberOf: (user: string) => number): TriedUsers {
    const { tally } = this.part;
    tellTried(tally, this.number, midnight, triedUsers);
    renumber(triedUsers, tally.users, numberOf);
    return triedUsers;
  }
}

/** The services that entries tell of, a bit each. */
export function servicesIn({ values, from, to }: AddressEntries): number {
  let services = 0;
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) services |= SERVICE_BITS[codeAt(values, at)]!;
  return services;
}

/** Services by their bits, by name; one list for all addresses with the same. */
const serviceLists: Service[][] = Array.from({ length: 1 << SERVICES.length }, (_, services) =>
  SERVICES.filter((_, number) => services & (1 << number)).sort(),
);

export function serviceList(services: number): Service[] {
  return serviceLists[services]!;
}

const tried = new Distinct();

/** Numbers of the different users that were tried. */
export function usersTried({ values, from, to }: AddressEntries): number[] {
  const users: number[] = [];
  tried.begin();
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
    const user = userAt(values, at);
    if (user > 0 && WHATS[codeAt(values, at)] === WHAT.ATTEMPT && tried.isNew(user)) users.push(user);
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

function userDay(tally: Tally, entries: DayEntries): UserDay {
  const { tried, triedCount, succeeded } = userCountsOf(tally, entries);
  const day = entries.day * SECONDS_PER_DAY;
  return { day, tried: new Map(tried), triedCount, succeeded: new Map(succeeded) };
}
