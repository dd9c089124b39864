/** Entries of one address as bytes: five to eight an entry, mostly, in place of twenty. */
import { codeAndUser, ENTRY, eventsAndSpan, WIDTH } from "../parse/login-entry.ts";
import { codeAt, eventsAt, hourAt, SECONDS_PER_HOUR, userAt } from "./entries.ts";
import type { PackedBytes } from "./packed-bytes.ts";

/**
 * What the first byte of an entry says: whether hour and code are those of the entry before it, whether it is one event, and whether
 * attempts are as many as events; where they are not, they follow. Its upper half are the highest bits of the second of the hour.
 */
const ALIKE = { HOUR: 1, CODE: 2, EVENTS: 4, ATTEMPTS: 8 };
const ALIKE_BITS = 4;
const BYTE_BITS = 8;

/** Bytes of an entry and of a number, at most. */
const LONGEST_ENTRY = 20;
const LONGEST_NUMBER = 5;

const ONE_EVENT = eventsAndSpan(1, 0);

/** How many bytes so many entries take at most. */
export function mostBytesOf(entries: number): number {
  return entries * LONGEST_ENTRY + LONGEST_NUMBER;
}

/** Writes how many entries `[from, to)` are, and them: of one address, in the order of hours. */
export function pack(values: Uint32Array, from: number, to: number, packed: PackedBytes): void {
  let hourBefore = 0;
  let codeBefore = -1;
  packed.put(to - from);
  for (let at = from * WIDTH; at < to * WIDTH; at += WIDTH) {
    const hour = hourAt(values, at);
    const code = codeAt(values, at);
    const events = values[at + ENTRY.EVENTS_AND_SPAN]!;
    const attempts = values[at + ENTRY.ATTEMPTS]!;
    const second = values[at + ENTRY.FIRST]! - hour * SECONDS_PER_HOUR;
    let alike = 0;
    if (hour === hourBefore) alike |= ALIKE.HOUR;
    if (code === codeBefore) alike |= ALIKE.CODE;
    const isAttemptEach = attempts === eventsAt(values, at);
    if (events === ONE_EVENT) alike |= ALIKE.EVENTS;
    if (isAttemptEach) alike |= ALIKE.ATTEMPTS;
    packed.putByte(alike | ((second >>> BYTE_BITS) << ALIKE_BITS));
    packed.putByte(second);
    packed.put(userAt(values, at));
    if (hour !== hourBefore) packed.put(hour - hourBefore);
    if (code !== codeBefore) packed.put(code);
    if (events !== ONE_EVENT) packed.put(events);
    if (!isAttemptEach) packed.put(attempts);
    hourBefore = hour;
    codeBefore = code;
  }
}

/** Puts entries of the address into `values` from entry `from` on; returns where they end. */
export function unpack(address: number, packed: PackedBytes, values: Uint32Array, from: number): number {
  let hour = 0;
  let code = 0;
  const end = (from + packed.take()) * WIDTH;
  for (let at = from * WIDTH; at < end; at += WIDTH) {
    const alike = packed.takeByte();
    const second = ((alike >>> ALIKE_BITS) << BYTE_BITS) | packed.takeByte();
    const user = packed.take();
    if ((alike & ALIKE.HOUR) === 0) hour += packed.take();
    if ((alike & ALIKE.CODE) === 0) code = packed.take();
    values[at + ENTRY.ADDRESS] = address;
    values[at + ENTRY.CODE_AND_USER] = codeAndUser(code, user);
    values[at + ENTRY.FIRST] = hour * SECONDS_PER_HOUR + second;
    values[at + ENTRY.EVENTS_AND_SPAN] = alike & ALIKE.EVENTS ? ONE_EVENT : packed.take();
    values[at + ENTRY.ATTEMPTS] = alike & ALIKE.ATTEMPTS ? eventsAt(values, at) : packed.take();
  }
  return end / WIDTH;
}
