/**
 * A simulated month of a fleet: customers, an office, phones with old passwords, carriers with an attacker among the
 * customers, attackers of all paces, a host that lies. Seeded: the same settings give the same month.
 */

import type { AddressHistory, CounterRow } from "../../functions/count/counter.ts";
import { historyOf } from "../../functions/count/history.ts";
import { addEvent, createTally, type Tally } from "../../functions/count/tally.ts";
import { rowsOf } from "../../functions/count/tally-rows.ts";
import type { Address, EpochSeconds, LoginEvent } from "../../functions/parse/event.ts";
import { mulberry32 } from "../random.ts";

export interface MonthSettings {
  seed: number;
  hosts: number;
  customers: number;
  officeUsers: number;
  /** Homes where somebody logs in while a phone fails all day with an old password. */
  phones: number;
  /** Carrier addresses; `sharedBy` customers each, an attacker behind every third. */
  carriers: number;
  sharedBy: number;
  /** Addresses that guess slowly, so many attempts a day, at users chosen in one of these ways. */
  slow: number;
  slowPerDay: number;
  slowAt: "one user" | "customers" | "own user" | "neighbours";
  /** Attackers of the third and fourth day, whose bans end together. */
  early: number;
  /** New attackers of one day. */
  wave: number;
  victims: number;
}

export const ordinaryMonth: MonthSettings = {
  seed: 1,
  hosts: 10,
  customers: 3000,
  officeUsers: 40,
  phones: 40,
  carriers: 12,
  sharedBy: 60,
  slow: 500,
  slowPerDay: 4,
  slowAt: "customers",
  early: 2000,
  wave: 50_000,
  victims: 400,
};

export interface Month {
  start: EpochSeconds;
  days: number;
  histories: AddressHistory[];
  /** Addresses from which nobody but attackers connects. */
  attackers: ReadonlySet<Address>;
  /** Addresses of customers, those accused by the lying host among them. */
  customers: ReadonlySet<Address>;
  victims: ReadonlySet<Address>;
  /** The address that guesses and gets in, and the user whose password it guessed. */
  guesser: Address;
  guessed: string;
}

const START = Date.parse("2026-10-01T00:00:00Z") / 1000;
const DAY = 86_400;
const DAYS = 30;
const WAVE_DAY = 25;
const LIAR = "liar";

export function simulateMonth(settings: MonthSettings): Month {
  const fleet = createFleet(settings);
  const customers = new Set([...homes(fleet), ...office(fleet), ...carriers(fleet)]);
  const guesser = guesserThatGetsIn(fleet);
  const attackers = new Set([...slowOnes(fleet), ...early(fleet), ...wave(fleet), guesser]);
  const victims = new Set([...customers].slice(0, settings.victims));
  for (const ip of victims) lie(fleet, ip);
  const histories = fleet.histories();
  return { start: START, days: DAYS, histories, attackers, customers, victims, guesser, guessed: "user7" };
}

interface Fleet {
  settings: MonthSettings;
  /** From 0 to below 1. */
  random(): number;
  /** From 0 to below `below`. */
  below(below: number): number;
  host(): string;
  fail(ip: Address, user: string, at: EpochSeconds, host?: string): void;
  login(ip: Address, user: string, at: EpochSeconds, host?: string): void;
  histories(): AddressHistory[];
}

function createFleet(settings: MonthSettings): Fleet {
  const random = mulberry32(settings.seed);
  const tallies = new Map<string, Tally>();
  const below = (most: number) => Math.floor(random() * most);
  const host = () => `mx${below(settings.hosts) + 1}`;
  const add = (on: string, event: LoginEvent) => {
    const tally = tallies.get(on) ?? createTally("maillog");
    tallies.set(on, tally);
    addEvent(tally, event);
  };
  return {
    settings,
    random,
    below,
    host,
    fail: (ip, user, at, on = host()) => add(on, eventOf(ip, user, at, "failure")),
    login: (ip, user, at, on = host()) => add(on, eventOf(ip, user, at, "success")),
    histories: () => historiesOf(tallies),
  };
}

function eventOf(ip: Address, user: string, at: EpochSeconds, outcome: "failure" | "success"): LoginEvent {
  const attempts = outcome === "failure" ? 1 : 0;
  const common = {
    kind: "auth",
    evidence: "login",
    service: "imap",
    daemon: "dovecot",
    local: undefined,
  } as const;
  return { at: Math.floor(at), outcome, ip, user, attempts, ...common };
}

function historiesOf(tallies: ReadonlyMap<string, Tally>): AddressHistory[] {
  const rows = new Map<Address, CounterRow[]>();
  for (const [host, tally] of tallies) {
    const range = { fingerprint: host, start: 0, end: 1, parser: "test", retentionDays: 400 };
    for (const row of rowsOf(tally, { ...range, host, nameUser: (user) => user })) {
      const known = rows.get(row.ip);
      if (known === undefined) rows.set(row.ip, [row]);
      else known.push(row);
    }
  }
  return [...rows].map(([ip, own]) => historyOf(ip, own));
}

/** Each logs in on most days, and mistypes now and then; at some a phone fails all day with an old password. */
function* homes(fleet: Fleet): Generator<Address> {
  const { settings, below, random } = fleet;
  for (let n = 0; n < settings.customers; n++) {
    const ip =
      n % 10 === 9 ? `2a02:${((n >> 4) + 1).toString(16)}:${(n + 1).toString(16)}:1::5` : address(20, n);
    const user = `user${n}`;
    const from = below(10);
    for (let day = from; day < DAYS; day++) {
      if (random() < 0.2) continue;
      const at = START + day * DAY + 6 * 3600 + below(14 * 3600);
      const slips = random() < 0.1 ? 1 + below(7) : 0;
      for (let slip = 0; slip < slips; slip++) fleet.fail(ip, user, at - 60 * (slips - slip));
      fleet.login(ip, user, at);
    }
    if (n < settings.phones) phone(fleet, ip, user, from + 3 + below(10), 2 + below(10));
    yield ip;
  }
}

/** Fails every quarter of an hour to every hour, day and night. */
function phone(fleet: Fleet, ip: Address, user: string, first: number, days: number): void {
  const every = 900 + fleet.below(2700);
  const end = START + Math.min(first + days, DAYS) * DAY;
  for (let at = START + first * DAY; at < end; at += every) fleet.fail(ip, user, at);
}

/** Many users behind one address, on weekdays; three of their phones have old passwords. */
function* office(fleet: Fleet): Generator<Address> {
  const { settings, below, random } = fleet;
  const ip = address(30, 1);
  for (let day = 0; day < DAYS; day++) {
    if (day % 7 >= 5) continue;
    for (let n = 0; n < settings.officeUsers; n++) {
      const at = START + day * DAY + 8 * 3600 + below(9 * 3600);
      if (random() < 0.08) fleet.fail(ip, `office${n}`, at - 40);
      if (random() < 0.02) fleet.fail(ip, `ofice${n}`, at - 20);
      fleet.login(ip, `office${n}`, at);
    }
  }
  for (let n = 0; n < 3; n++) phone(fleet, ip, `office${n}`, 4 + n * 5, 6);
  yield ip;
}

/** Carriers' addresses, shared by customers; behind every third somebody guesses, too. */
function* carriers(fleet: Fleet): Generator<Address> {
  const { settings, below, random } = fleet;
  for (let n = 0; n < settings.carriers; n++) {
    const ip = address(40, n * 3);
    for (let day = 0; day < DAYS; day++) {
      for (let user = 0; user < settings.sharedBy; user++) {
        if (random() < 0.5) continue;
        const name = `mobile${n}-${user}`;
        const at = START + day * DAY + below(DAY - 600);
        if (random() < 0.1) fleet.fail(ip, name, at);
        fleet.login(ip, name, at + 300);
      }
      if (n % 3 === 0) guess(fleet, ip, day, 80, 20);
    }
    yield ip;
  }
}

/** `attempts` within one day, at that many users. */
function guess(fleet: Fleet, ip: Address, day: number, attempts: number, users: number): void {
  const { below, settings } = fleet;
  for (let n = 0; n < attempts; n++) {
    const user = `user${below(Math.min(users, settings.customers))}`;
    fleet.fail(ip, user, START + day * DAY + below(DAY));
  }
}

function* slowOnes(fleet: Fleet): Generator<Address> {
  const { settings, below } = fleet;
  for (let n = 0; n < settings.slow; n++) {
    const ip =
      settings.slowAt === "neighbours"
        ? address(50, Math.floor(n / 20) * 256 + (n % 20))
        : address(51, n * 7);
    const targets = {
      "one user": () => "boss",
      "own user": () => `victim${n}`,
      customers: () => `user${below(100)}`,
    };
    const user = settings.slowAt === "neighbours" ? () => `name${below(100_000)}` : targets[settings.slowAt];
    for (let day = 0; day < DAYS; day++) {
      for (let tried = 0; tried < settings.slowPerDay; tried++)
        fleet.fail(ip, user(), START + day * DAY + below(DAY));
    }
    yield ip;
  }
}

/** Their bans all end within two days. */
function* early(fleet: Fleet): Generator<Address> {
  for (let n = 0; n < fleet.settings.early; n++) {
    const ip = address(60, n * 5);
    guess(fleet, ip, 3 + (n % 2), 6 + fleet.below(60), 50);
    yield ip;
  }
}

function* wave(fleet: Fleet): Generator<Address> {
  for (let n = 0; n < fleet.settings.wave; n++) {
    const ip =
      n % 20 === 0 ? `2a0e:${((n >> 8) + 1).toString(16)}:${(n + 1).toString(16)}::7` : address(70, n * 11);
    const host = fleet.host();
    for (let tried = 5 + fleet.below(12); tried > 0; tried--) {
      const at = START + WAVE_DAY * DAY + fleet.below(20 * 3600);
      fleet.fail(ip, `user${fleet.below(500)}`, at, fleet.random() < 0.7 ? host : fleet.host());
    }
    yield ip;
  }
}

function guesserThatGetsIn(fleet: Fleet): Address {
  const ip = address(80, 1);
  guess(fleet, ip, 12, 300, 60);
  for (let n = 0; n < 3; n++) fleet.login(ip, "user7", START + 13 * DAY + n * 3600, "mx1");
  return ip;
}

/** One host tells of an attack that nobody else saw, from where users have logged in for days. */
function lie(fleet: Fleet, ip: Address): void {
  const day = 16 + fleet.below(12);
  for (let n = 0; n < 30; n++)
    fleet.fail(ip, `user${fleet.below(40)}`, START + day * DAY + fleet.below(DAY), LIAR);
}

function address(first: number, n: number): Address {
  return `${first}.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}
