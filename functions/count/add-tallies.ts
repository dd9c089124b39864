import { WHAT, whatIn } from "../parse/login.ts";
import { WIDTH } from "../parse/login-entry.ts";
import { codeAt, setUser, userAt } from "./entries.ts";
import { PackedEntries } from "./packed-entries.ts";
import { makeRoom, reserve, type Tally } from "./tally.ts";
import { addPacks, forAllEntries } from "./tally-order.ts";

/** Adds what other tallies with the same address book hold, and takes that away. */
export function addTallies(tally: Tally, others: readonly Tally[]): void {
  const entries = others.reduce((sum, other) => sum + other.entries.size, tally.entries.size);
  // once: room for one after the other would copy all that is there for each
  reserve(tally.entries, Math.min(entries, tally.most));
  for (const other of others) addTally(tally, other);
}

function addTally(tally: Tally, other: Tally): void {
  if (other.users !== tally.users) renumberUsers(tally, other);
  const { values, size } = other.entries;
  makeRoom(tally, size);
  tally.entries.values.set(values.subarray(0, size * WIDTH), tally.entries.size * WIDTH);
  tally.entries.size += size;
  tally.starts = undefined;
  tally.events += other.events;
  addPacks(tally, other.packs);
  values.buffer.transfer(0);
  Object.assign(other, { entries: { values: new Uint32Array(0), size: 0 }, starts: undefined, packs: [] });
}

/** Gives another tally's users the numbers that they have in this one. */
function renumberUsers(tally: Tally, other: Tally): void {
  const users = usersOf(tally, other);
  const renumber = (values: Uint32Array, to: number) => {
    for (let at = 0; at < to * WIDTH; at += WIDTH) setUser(values, at, users[userAt(values, at)]!);
  };
  renumber(other.entries.values, other.entries.size);
  other.packs = other.packs.map((packed) => changed(packed, renumber));
  other.users = tally.users;
  other.starts = undefined;
}

function changed(packed: PackedEntries, change: (values: Uint32Array, to: number) => void): PackedEntries {
  const made = new PackedEntries(packed.size, packed.level);
  packed.eachAddress((address, values, to) => {
    change(values, to);
    made.add(address, values, 0, to);
  });
  made.close();
  return made;
}

/** The numbers that another tally's users have in this one, by their numbers there. */
function usersOf({ users }: Tally, other: Tally): Uint32Array {
  const proper = new Set<number>();
  forAllEntries(other, (values, to) => {
    for (let at = 0; at < to * WIDTH; at += WIDTH)
      if (whatIn(codeAt(values, at)) === WHAT.SUCCESS) proper.add(userAt(values, at));
  });
  const numbers = new Uint32Array(other.users.size + 1);
  for (let user = 1; user <= other.users.size; user++)
    numbers[user] = users.numberOf(other.users.nameOf(user), proper.has(user));
  return numbers;
}
