/** A length of time. */
export type Seconds = number;

const UNITS: Record<string, Seconds> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A duration as policies write it. */
export const DURATION = /^([1-9]\d{0,8})([smhdw])$/;

/** Reads `90s`, `10m`, `24h`, `7d`, `2w`; undefined for anything else. */
export function parseDuration(text: string): Seconds | undefined {
  const match = DURATION.exec(text);
  return match === null ? undefined : Number(match[1]) * UNITS[match[2]!]!;
}

/** `7d`, `24h`, `90s`: the largest unit that divides it, but a day stays `24h` as in fail2ban's findtime. */
export function durationText(seconds: Seconds): string {
  if (seconds % 86_400 === 0 && seconds > 86_400) return `${seconds / 86_400}d`;
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** For sentences: `24 h`, `7 days`. */
export function durationPhrase(seconds: Seconds): string {
  if (seconds % 86_400 === 0 && seconds > 86_400) return `${seconds / 86_400} days`;
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
