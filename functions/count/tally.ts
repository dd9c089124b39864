import { AddressBook } from "../parse/address-book.ts";
import type { LoginEvent } from "../parse/event.ts";
import { CODES, codeOf, daemonIn, type Login, WHAT, whatIn, whatOf } from "../parse/login.ts";
import { BESIDE, BESIDE_WIDTH, type LoginBatch } from "../parse/login-batch.ts";
import { codeAndUser, ENTRY, eventsAndSpan, MOST_CODES, WIDTH } from "../parse/login-entry.ts";
import { codeAt, type Entries, MOST } from "./entries.ts";
import { NameBook } from "./name-book.ts";
import type { OwnAddresses } from "./own-addresses.ts";
import type { PackedEntries } from "./packed-entries.ts";
import { forAllEntries, pack, settle } from "./tally-order.ts";
import type { UnpackedEntries } from "./unpacked-entries.ts";

export const SECONDS_PER_DAY = 86_400;

/**
 * What the lines of one range say, in memory: 20 bytes for each address, hour, code and user, 6 where those are more than a
 * million, and what names take.
 */
export interface Tally {
  logName: string;
  events: number;
  addresses: AddressBook;
  users: NameBook;
  entries: Entries;
  /** Where the entries of each address begin; undefined while they are not in order. */
  starts: Uint32Array<ArrayBuffer> | undefined;
  /** What the array of entries had no room for. */
  packs: PackedEntries[];
  /** So many entries at most are in that array. */
  most: number;
  /** Of the address that was asked for last. */
  unpacked: UnpackedEntries | undefined;
}

const ONE_EVENT = eventsAndSpan(1, 0);

const FIRST_ENTRIES = 1024;
const SOME_ENTRIES = 2 ** 18;
/** 20 MiB. */
export const MANY_ENTRIES = 2 ** 20;
const STEPS = [2 ** 15, SOME_ENTRIES, MANY_ENTRIES];

/**
 * @param addresses those that logins name by number: the parser's
 * @param users as another tally numbers them
 * @param most entries that are not packed
 */
export function createTally(
  logName: string,
  addresses = new AddressBook(),
  users = new NameBook(),
  most = MANY_ENTRIES,
): Tally {
  const entries = { values: new Uint32Array(Math.min(FIRST_ENTRIES, most) * WIDTH), size: 0 };
  const nothing = { events: 0, starts: undefined, packs: [], unpacked: undefined };
  return { logName, addresses, users, entries, most, ...nothing };
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
export function daemonsOf(tally: Tally): string[] {
  const codes = new Set<number>();
  forAllEntries(tally, (values, to) => {
    for (let at = 0; at < to * WIDTH; at += WIDTH) codes.add(codeAt(values, at));
  });
  return [...new Set([...codes].map(daemonIn))];
}

/**
 * Makes room for some more. A few entries become many in steps: an array that doubles moves each entry again and again. Many are put
 * in order, and equal ones made one, before the array grows; so are those of a flood, which are few then. What is still more than
 * the array may hold is packed.
 */
export function makeRoom(tally: Tally, more: number): void {
  const capacity = tally.entries.values.length / WIDTH;
  if (tally.entries.size + more <= capacity) return;
  if (capacity >= tally.most || (capacity >= SOME_ENTRIES && isFlood(tally))) settle(tally);
  if (tally.entries.size + more <= capacity / 2) return;
  if (capacity >= tally.most) pack(tally);
  const wanted = tally.entries.size + more;
  const next = STEPS.find((step) => step > capacity && step >= wanted) ?? wanted;
  reserve(tally.entries, Math.min(next, Math.max(tally.most, wanted)));
}

/** Whether some address alone has an eighth of the entries. */
function isFlood({ entries: { values, size }, addresses }: Tally): boolean {
  const counts = new Uint32Array(addresses.size);
  for (let at = 0; at < size * WIDTH; at += WIDTH) counts[values[at + ENTRY.ADDRESS]!]!++;
  return counts.some((count) => count * 8 > size);
}

/** Makes room for so many in all. What was there is given back, so that no array waits for the collector. */
export function reserve(entries: Entries, size: number): void {
  if (size * WIDTH <= entries.values.length) return;
  const values = new Uint32Array(size * WIDTH);
  values.set(entries.values);
  entries.values.buffer.transfer(0);
  entries.values = values;
}

if (CODES > MOST_CODES) throw new Error(`${CODES} codes do not fit into an entry's key`);
