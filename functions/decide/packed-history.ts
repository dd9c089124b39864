/**
 * Histories that wait for those of their neighbours, with the users of a day in a plain list: a map takes ten times as
 * much memory, and a million IPv6 addresses may have to wait.
 */
import type { AddressHistory, UserDay } from "../count/counter.ts";

export interface PackedHistory extends Omit<AddressHistory, "userDays"> {
  /** For each day: the day, how many users were tried, by which host, how many follow; users and attempts; logins. */
  packedDays: (string | number | UserDay["triedBy"])[];
}

export function pack({
  ip,
  hours,
  services,
  users,
  first,
  last,
  firstSuccess,
  userDays,
}: AddressHistory): PackedHistory {
  const packedDays: PackedHistory["packedDays"] = [];
  for (const { day, tried, triedBy, triedCount, succeeded } of userDays) {
    packedDays.push(day, triedCount, triedBy);
    for (const counts of [tried, succeeded]) {
      packedDays.push(counts.size);
      for (const [user, count] of counts) packedDays.push(user, count);
    }
  }
  return { ip, hours, services, users, first, last, firstSuccess, packedDays };
}

export function unpack({ packedDays, ...history }: PackedHistory): AddressHistory {
  const userDays: UserDay[] = [];
  let at = 0;
  const next = () => packedDays[at++] as number;
  const counts = () => {
    const size = next();
    return new Map(Array.from({ length: size }, () => [packedDays[at++] as string, next()]));
  };
  while (at < packedDays.length) {
    const [day, triedCount] = [next(), next()];
    const triedBy = packedDays[at++] as UserDay["triedBy"];
    userDays.push({ day, triedBy, triedCount, tried: counts(), succeeded: counts() });
  }
  return { ...history, userDays };
}
