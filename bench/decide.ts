/**
 * Decides over so many addresses as they come from the counters, one after the other: `node bench/decide.ts 1000000`.
 * Prints the seconds that deciding took, without the making of the input, and what was decided.
 */
import type { AddressHistory } from "../functions/count/counter.ts";
import { startDeciding } from "../functions/decide/decide.ts";
import { defaultPolicy } from "../functions/decide/policy.ts";
import { blocklist } from "../functions/list/blocklist.ts";
import { stopPretenuring } from "../functions/v8.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z") / 1000;
const HOUR = 3600;
const DAY = 86_400;
/** Histories are made so many at a time: enough for the clock, few enough not to grow old before they are decided. */
const BATCH = 2000;

// as Publish and the command line do
stopPretenuring();
const count = Number(process.argv[2] ?? 1_000_000);
const deciding = startDeciding({ policy: defaultPolicy, now: NOW, countryOf: () => "NL" });
let spent = 0;
for (let from = 0; from < count; from += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, n) => historyOf(from + n));
  spent += timed(() => batch.forEach(deciding.add));
}
let listed = 0;
let decided = 0;
spent += timed(() => {
  const { decisions } = deciding.finish();
  decided = decisions.length;
  listed = blocklist(decisions, NOW).length;
});
const memory = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(
  `${JSON.stringify({ seconds: Number((spent / 1000).toFixed(2)), memory, decided, listed })}\n`,
);

/** Milliseconds of the processor, so that what else the machine does is not measured. */
function timed(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * A quarter attack, some of those for days, so that more are banned than any list may have; a fifth are users; the rest
 * tries a few times; one in five is IPv6.
 */
function historyOf(n: number): AddressHistory {
  const ip =
    n % 5 === 0
      ? `2a0${(n % 7) + 1}:${hex(n >> 12)}:${hex(n & 4095)}:1::9`
      : `${1 + (n % 9)}.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
  const isUser = n % 10 < 2;
  const isAttack = n % 4 === 1;
  const days = isAttack && n % 8 === 1 ? 4 : 1;
  const host = `mx${n % 20}`;
  const starts = Array.from({ length: days }, (_, day) => NOW - (day + 1) * DAY + (n % 20) * HOUR).reverse();
  const attempts = isAttack ? 5 + (n % 30) : 1 + (n % 4);
  const successes = isUser && !isAttack ? 3 : 0;
  const users = new Map([[`user${n % 5000}`, attempts]]);
  return {
    ip,
    hours: starts.map((hour) => ({ hour, host, attempts, events: attempts, probes: 0, successes })),
    userDays: starts.map((hour) => ({
      day: hour - (hour % DAY),
      tried: users,
      triedCount: 1,
      succeeded: new Map(successes > 0 ? [[`user${n}`, 3]] : []),
    })),
    services: ["imap"],
    users: 1,
    first: starts[0]!,
    last: starts.at(-1)! + 1800,
    firstSuccess: successes > 0 ? starts[0]! : undefined,
  };
}

function hex(number: number): string {
  return (number + 1).toString(16);
}
