import type { Cell, CounterRow } from "../../functions/count/counter.ts";
import type { LoginEvent } from "../../functions/parse/event.ts";

/** 2026-11-24T02:00:00Z */
export const AT = 1_795_485_600;

export function failure(overrides: Partial<LoginEvent> = {}): LoginEvent {
  return {
    at: AT,
    outcome: "failure",
    kind: "auth",
    evidence: "login",
    ip: "192.0.2.7",
    user: "alice",
    service: "imap",
    daemon: "dovecot",
    attempts: 1,
    local: undefined,
    ...overrides,
  };
}

export function success(overrides: Partial<LoginEvent> = {}): LoginEvent {
  return failure({ outcome: "success", attempts: 0, ...overrides });
}

export function cell(overrides: Partial<Cell> = {}): Cell {
  return {
    hour: 2,
    daemon: "dovecot",
    service: "imap",
    evidence: "login",
    logName: "maillog",
    attempts: 0,
    events: 0,
    probes: 0,
    successes: 0,
    ...overrides,
  };
}

export function row(overrides: Partial<CounterRow> = {}): CounterRow {
  return {
    day: "2026-11-24",
    ip: "192.0.2.7",
    host: "mx1",
    fingerprint: "0123456789abcdef",
    start: 0,
    end: 1000,
    cells: [cell({ attempts: 3, events: 3 })],
    users: {},
    userCount: 0,
    successUsers: {},
    first: AT,
    last: AT,
    firstSuccess: undefined,
    parser: "1",
    expires: AT + 100 * 86_400,
    ...overrides,
  };
}
