import { daemonNames } from "./daemons.ts";
import {
  type EpochSeconds,
  EVIDENCES,
  type Evidence,
  type LoginEvent,
  SERVICES,
  type Service,
} from "./event.ts";

/** A login event as numbers and places, so that it can be counted without making a string. */
export interface Login {
  at: EpochSeconds;
  /** Whose line it was and what it says, see `codeOf`. */
  code: number;
  /** Failed tries that it stands for; 0 for a success. */
  attempts: number;
  /** The client's number in the parser's address book. */
  address: number;
  /** The server's own address likewise; -1 where the line does not name it. */
  local: number;
  /** The user's name, `[userFrom, userTo)` of these bytes; `userFrom` is -1 where the line has none. */
  bytes: Buffer;
  userFrom: number;
  userTo: number;
}

/** What a line tells of: an attempt, a probe, a success. */
export const WHAT = { ATTEMPT: 0, PROBE: 1, SUCCESS: 2 };
const WHATS = 3;

/** A daemon, service, evidence and what as one number, less than `CODES`. */
export function codeOf(daemon: string, service: Service, evidence: Evidence, what: number): number {
  const owner = daemonNames.indexOf(daemon) * SERVICES.length + SERVICES.indexOf(service);
  return (owner * EVIDENCES.length + EVIDENCES.indexOf(evidence)) * WHATS + what;
}

export const CODES = daemonNames.length * SERVICES.length * EVIDENCES.length * WHATS;

export function whatOf({ outcome, kind }: Pick<LoginEvent, "outcome" | "kind">): number {
  if (outcome === "success") return WHAT.SUCCESS;
  return kind === "probe" ? WHAT.PROBE : WHAT.ATTEMPT;
}

export function whatIn(code: number): number {
  return code % WHATS;
}

export function evidenceIn(code: number): Evidence {
  return EVIDENCES[Math.floor(code / WHATS) % EVIDENCES.length]!;
}

/** How far apart the codes of the same login over two services are. */
export const SERVICE_STEP = WHATS * EVIDENCES.length;

export function serviceIn(code: number): Service {
  return SERVICES[serviceNumberIn(code)]!;
}

export function serviceNumberIn(code: number): number {
  return ownerIn(code) % SERVICES.length;
}

/** Daemon and service together. */
export function ownerIn(code: number): number {
  return Math.floor(code / SERVICE_STEP);
}

export function daemonIn(code: number): string {
  return daemonNames[Math.floor(ownerIn(code) / SERVICES.length)]!;
}

/** The code of the same login over another service. */
export function withService(code: number, service: number): number {
  return code + (service - serviceNumberIn(code)) * SERVICE_STEP;
}
