import type { Seconds } from "./duration.ts";

/** `600`, `10m`, `1d 12h`, `1h30m`, `-1` for ever: fail2ban's own syntax. Undefined for what it is not. */
export function fail2banSeconds(text: string): Seconds | undefined {
  let rest = text.trim();
  let sum = 0;
  if (rest === "") return undefined;
  while (rest !== "") {
    const part = PART.exec(rest);
    if (part === null) return undefined;
    const [whole, count, word] = part as unknown as [string, string, string];
    const unit =
      word === "" ? 1 : UNITS.find(([pattern]) => new RegExp(`^(?:${pattern})$`, "i").test(word))?.[1];
    if (unit === undefined) return undefined;
    sum += Number(count) * unit;
    rest = rest.slice(whole.length);
  }
  return Math.round(sum);
}

const UNITS: readonly [pattern: string, seconds: number][] = [
  ["years?|yea?|yy?", 31_557_600],
  ["months?|mon?", 2_629_800],
  ["weeks?|wee?|ww?", 604_800],
  ["days?|da|dd?", 86_400],
  ["hours?|hou?|hh?", 3600],
  ["minutes?|min?|mm?", 60],
  ["seconds?|sec?|ss?", 1],
];
const PART = /^\s*\+?(-?\d{1,12}(?:\.\d{1,6})?)\s*([a-z]{0,8})\s*/i;
