import { EVIDENCES } from "../parse/event.ts";
import { CODES, evidenceIn, ownerIn, serviceNumberIn, whatIn } from "../parse/login.ts";

/** What is asked of each entry's code, by code: to look it up is quicker than to make it out. */
export const WHATS = Uint8Array.from({ length: CODES }, (_, code) => whatIn(code));
export const OWNERS = Uint16Array.from({ length: CODES }, (_, code) => ownerIn(code));
export const SERVICE_NUMBERS = Uint8Array.from({ length: CODES }, (_, code) => serviceNumberIn(code));
export const SERVICE_BITS = SERVICE_NUMBERS.map((service) => 1 << service);

/** As numbers, see `LOGIN` and `AUTH`. */
export const EVIDENCE_NUMBERS = Uint8Array.from({ length: CODES }, (_, code) =>
  EVIDENCES.indexOf(evidenceIn(code)),
);
export const LOGIN = EVIDENCES.indexOf("login");
export const AUTH = EVIDENCES.indexOf("auth");
