/** The number of `count` decimal digits at `at`; -1 where one is none. */
export function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = bytes[i]! - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Seconds of the day of `hh:mm:ss` at `at`, `:60` too; -1 where it is none. */
export function secondOfDay(bytes: Uint8Array, at: number): number {
  const hour = digits(bytes, at, 2);
  const minute = digits(bytes, at + 3, 2);
  const second = digits(bytes, at + 6, 2);
  const colons = bytes[at + 2] === 0x3a && bytes[at + 5] === 0x3a;
  if (!colons || hour < 0 || minute < 0 || second < 0) return -1;
  return hour > 23 || minute > 59 || second > 60 ? -1 : hour * 3600 + minute * 60 + second;
}
