import type { Address, LoginEvent } from "../../functions/parse/event.ts";
import { createLineParser } from "../../functions/parse/line.ts";

/** What the parser makes of some lines of one log, written in UTC and last changed on 24 November 2026 at noon. */
export function readLog(lines: readonly string[], proxies: readonly Address[] = []) {
  const parser = createLineParser({
    logTime: Date.parse("2026-11-24T12:00:00Z") / 1000,
    zone: { offset: 0 },
    isTrustedProxy: (address) => proxies.includes(address),
  });
  const events = lines.flatMap((line) => {
    const bytes = Buffer.from(line);
    return parser.parse(bytes, 0, bytes.length) ?? [];
  });
  return { events, unread: [...parser.unread.keys()] };
}

/** The login event of one line. */
export function read(line: string, proxies: readonly Address[] = []): LoginEvent | undefined {
  return readLog([line], proxies).events[0];
}

/** A line as syslog writes it. */
export function syslog(program: string, message: string): string {
  return `Nov 24 02:39:01 mail ${program}[4711]: ${message}`;
}

/** The time of lines that `syslog` makes. */
export const AT = Date.parse("2026-11-24T02:39:01Z") / 1000;

/** What one failed login looks like, but for what is given. */
export function failed(given: Partial<LoginEvent>): LoginEvent {
  return {
    at: AT,
    outcome: "failure",
    kind: "auth",
    evidence: "login",
    ip: "203.0.113.7",
    user: undefined,
    service: "auth",
    daemon: "",
    attempts: 1,
    local: undefined,
    ...given,
  };
}

/** What one proper login looks like, but for what is given. */
export function worked(given: Partial<LoginEvent>): LoginEvent {
  return failed({ outcome: "success", attempts: 0, ...given });
}

/** A line in which nobody tried a password, but somebody probed. */
export function probed(given: Partial<LoginEvent>): LoginEvent {
  return failed({ kind: "probe", attempts: 0, ...given });
}
