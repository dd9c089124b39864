import { AddressBook } from "../parse/address-book.ts";
import type { LoginEvent } from "../parse/event.ts";
import { CODES, codeOf, daemonIn, type Login, WHAT, whatIn, whatOf } from "../parse/login.ts";
import { BESIDE, BESIDE_WIDTH, type LoginBatch } from "../parse/login-batch.ts";
import { codeAndUser, ENTRY, eventsAndSpan, MOST_CODES, WIDTH } from "../parse/login-entry.ts";
import { codeAt, type Entries, MOST, setUser, userAt } from "./entries.ts";
import { putInOrder } from "./entry-order.ts";
import { NameBook } from "./name-book.ts";
import type { OwnAddresses } from "./own-addresses.ts";
import { limitUsers } from "./user-limit.ts";

export const SECONDS_PER_DAY = 86_400;

/** What the lines of one range say, in memory: 20 bytes for each address, hour, code and user, and what names take. */
export interface Tally {
  logName: string;
  events: number;
  addresses: AddressBook;
  users: NameBook;
  entries: Entries;
  /** Where the entries of each address begin; undefined while they are not in order. */
  starts: Uint32Array | undefined;
}

const ONE_EVENT = eventsAndSpan(1, 0);

const FIRST_ENTRIES = 1024;
const SOME_ENTRIES = 2 ** 18;
/** 20 MiB. */
const MANY_ENTRIES = 2 ** 20;
const STEPS = [2 ** 15, SOME_ENTRIES, MANY_ENTRIES];

/** @param addresses those that logins name by number: the parser's @param users as another tally numbers them */
export function createTally(logName: string, addresses = new AddressBook(), users = new NameBook()): Tally {
  const entries = { values: new Uint32Array(FIRST_ENTRIES * WIDTH), size: 0 };
  return { logName, events: 0, addresses, users, entries, starts: undefined };
}

/** Adds one login. Order does not matter. */
export function addLogin(tally: Tally, login: Login): void {
  const { at, code, attempts, address, bytes, userFrom, userTo } = login;
  const what = whatIn(code);
  const hasUser = userFrom >= 0 && what !== WHAT.PROBE;
  const user = hasUser ? tally.users.numberIn(bytes, userFrom, userTo, what === WHAT.SUCCESS) : 0;
  append(tally, at, code, attempts, address, user);
}

/**
 * Adds all logins of a batch, whose users this tally has numbered.
 * @param own told of the host's addresses that they name
 */
export function addLogins(tally: Tally, { size, entries, beside }: LoginBatch, own: OwnAddresses): void {
  makeRoom(tally, size);
  tally.entries.values.set(entries.subarray(0, size * WIDTH), tally.entries.size * WIDTH);
  tally.entries.size += size;
  tally.events += size;
  tally.starts = undefined;
  for (let at = BESIDE.LOCAL; at < size * BESIDE_WIDTH; at += BESIDE_WIDTH) own.note(beside[at]!);
}

/** The same for an event that is an object. */
export function addEvent(tally: Tally, event: LoginEvent): void {
  const what = whatOf(event);
  const code = codeOf(event.daemon, event.service, event.evidence, what);
  const hasUser = event.user && what !== WHAT.PROBE;
  const user = hasUser ? tally.users.numberOf(event.user!, what === WHAT.SUCCESS) : 0;
  append(tally, event.at, code, event.attempts, tally.addresses.numberOf(event.ip), user);
}

/** Adds what other tallies with the same address book hold, and takes that away. */
export function addTallies(tally: Tally, others: readonly Tally[]): void {
  // once: room for one after the other would copy all that is there for each
  reserve(
    tally,
    others.reduce((sum, { entries }) => sum + entries.size, 0),
  );
  for (const other of others) addTally(tally, other);
}

function addTally(tally: Tally, other: Tally): void {
  const { values, size } = other.entries;
  if (other.users !== tally.users) renumberUsers(tally, other);
  tally.entries.values.set(values.subarray(0, size * WIDTH), tally.entries.size * WIDTH);
  tally.entries.size += size;
  tally.starts = undefined;
  tally.events += other.events;
  values.buffer.transfer(0);
  other.entries = { values: new Uint32Array(0), size: 0 };
}

/** Gives another tally's users the numbers that they have in this one. */
function renumberUsers(tally: Tally, other: Tally): void {
  const { values, size } = other.entries;
  const users = usersOf(tally, other);
  for (let at = 0; at < size * WIDTH; at += WIDTH) setUser(values, at, users[userAt(values, at)]!);
}

/** The numbers that another tally's users have in this one, by their numbers there. */
function usersOf({ users }: Tally, { users: others, entries: { values, size } }: Tally): Uint32Array {
  const proper = new Set<number>();
  for (let at = 0; at < size * WIDTH; at += WIDTH)
    if (whatIn(codeAt(values, at)) === WHAT.SUCCESS) proper.add(userAt(values, at));
  const numbers = new Uint32Array(others.size + 1);
  for (let user = 1; user <= others.size; user++)
    numbers[user] = users.numberOf(others.nameOf(user), proper.has(user));
  return numbers;
}

function append(
  tally: Tally,
  at: number,
  code: number,
  attempts: number,
  address: number,
  user: number,
): void {
  const place = placeOfNew(tally);
  const { values } = tally.entries;
  values[place + ENTRY.ADDRESS] = address;
  values[place + ENTRY.CODE_AND_USER] = codeAndUser(code, user);
  values[place + ENTRY.ATTEMPTS] = Math.min(attempts, MOST);
  values[place + ENTRY.FIRST] = at;
  values[place + ENTRY.EVENTS_AND_SPAN] = ONE_EVENT;
  tally.events++;
}

function placeOfNew(tally: Tally): number {
  makeRoom(tally, 1);
  tally.starts = undefined;
  return tally.entries.size++ * WIDTH;
}

/** Whose lines were added. */
export function daemonsOf({ entries: { values, size } }: Tally): string[] {
  const codes = new Set<number>();
  for (let at = 0; at < size * WIDTH; at += WIDTH) codes.add(codeAt(values, at));
  return [...new Set([...codes].map(daemonIn))];
}

/**
 * Makes room for some more. A few entries become many in steps: an array that doubles moves each entry again and again. Many are put
 * in order, and equal ones made one, before the array grows; so are those of a flood, which are few then.
 */
function makeRoom(tally: Tally, more: number): void {
  const capacity = tally.entries.values.length / WIDTH;
  if (tally.entries.size + more <= capacity) return;
  if (capacity >= MANY_ENTRIES || (capacity >= SOME_ENTRIES && isFlood(tally))) settle(tally);
  const wanted = tally.entries.size + more;
  if (wanted <= capacity / 2) return;
  const next = STEPS.find((step) => step > capacity && step >= wanted) ?? Math.max(2 * capacity, wanted);
  reserve(tally, next - tally.entries.size);
}

/** Whether some address alone has an eighth of the entries. */
function isFlood({ entries: { values, size }, addresses }: Tally): boolean {
  const counts = new Uint32Array(addresses.size);
  for (let at = 0; at < size * WIDTH; at += WIDTH) counts[values[at + ENTRY.ADDRESS]!]!++;
  return counts.some((count) => count * 8 > size);
}

/** Makes room for so many more. What was there is given back, so that no array waits for the collector. */
function reserve({ entries }: Tally, more: number): void {
  const wanted = (entries.size + more) * WIDTH;
  if (wanted <= entries.values.length) return;
  const values = new Uint32Array(wanted);
  values.set(entries.values);
  entries.values.buffer.transfer(0);
  entries.values = values;
}

/** Puts the entries in order, if they are not. */
export function settle(tally: Tally): Uint32Array {
  if (tally.starts !== undefined) return tally.starts;
  const { values, size, starts } = putInOrder(tally.entries, tally.addresses.size, limitUsers(tally.users));
  tally.entries = { values, size };
  tally.starts = starts;
  return starts;
}

if (CODES > MOST_CODES) throw new Error(`${CODES} codes do not fit into an entry's key`);
