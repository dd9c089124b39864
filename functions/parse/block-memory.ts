/**
 * What the loop over a block's lines (block-code.ts) and its keeper (block.ts) share: where in the matchers' memory the block, the
 * logins found in it, and the tables of what is known are.
 */
import { Ipv4Table, SOUGHT_BYTES } from "./ipv4-table.ts";
import { BESIDE_WIDTH } from "./login-batch.ts";
import { WIDTH } from "./login-entry.ts";
import { numbersAt, reserve } from "./memory.ts";
import { TextTable } from "./text-table.ts";
import { type Code, call, importedAs, int } from "./wasm.ts";

/** Bytes of a block. */
export const ROOM = 2 ** 19;
export const BLOCK = reserve(ROOM);

/** Longer lines are left to the parser, which knows what may have cut them. */
export const LONGEST_LINE = 900;

/** The logins that the loop finds: an entry each, and what stands beside it. */
export const MOST_LOGINS = 2 ** 12;
export const ENTRIES = reserve(MOST_LOGINS * WIDTH * 4);
export const entries = new Uint32Array(numbersAt(ENTRIES, 0).buffer, ENTRIES, MOST_LOGINS * WIDTH);
export const BESIDES = reserve(MOST_LOGINS * BESIDE_WIDTH * 4);
export const beside = numbersAt(BESIDES, MOST_LOGINS * BESIDE_WIDTH);

/**
 * Logins that wait for the numbers of whom they name, at these bytes of a record each: the client as it is looked for, where its text
 * is, where the server's own address is (-1: nowhere), where the line begins, the user's hash, and whether the line names one (WHOSE).
 */
export const MOST_WAITING = 64;
export const WAITING = {
  CLIENT: 0,
  CLIENT_FROM: SOUGHT_BYTES,
  CLIENT_TO: SOUGHT_BYTES + 4,
  LOCAL_FROM: SOUGHT_BYTES + 8,
  LOCAL_TO: SOUGHT_BYTES + 12,
  LINE: SOUGHT_BYTES + 16,
  USER_HASH: SOUGHT_BYTES + 20,
  WHOSE: SOUGHT_BYTES + 24,
};
/** A power of two. */
export const WAITING_BYTES = 64;
export const WAITINGS = reserve(MOST_WAITING * WAITING_BYTES);
export const WHOSE = { NOBODYS: 0, TRIED: 1, PROPER: 2 };

/**
 * What the loop is told and what it tells, a number each; LOGINS is how many logins there are. AHEAD: how many bytes of records may
 * wait, few after a client who got no number, since all that was read behind that line is read again.
 */
export const STATE = {
  FORM: 0,
  LATEST: 1,
  MINUTE: 2,
  LINES: 3,
  LOGINS: 4,
  NEWEST: 5,
  IS_PROPER: 6,
  FETCHED: 7,
  AHEAD: 8,
};
export const STATES = reserve(9 * 4);
export const state = numbersAt(STATES, 9);
state[STATE.AHEAD] = WAITING_BYTES;

export const FORM = { TRADITIONAL: 0, ISO: 1 };

/** The text of the minute that MINUTE is the beginning of: `Nov 24 02:39:`, `2026-11-24T02:39:`. */
export const MINUTE_TEXT = reserve(32);
export const MINUTE_LENGTH = [13, 17];

/** In place of a program's: no daemon has that name. */
export const NO_PROGRAM = 1;

/** A program: classes of bytes, how many there are of the second, and for each pair of classes where the list of candidates is. */
export const PROGRAM = { FIRST: 0, SECOND: 256, WIDTH: 512, LISTS: 516 };
export const PROGRAM_ROOM = 2 ** 19;
export const PROGRAM_AREA = reserve(PROGRAM_ROOM);

/**
 * A list: how many there are, then `CANDIDATE_WIDTH` numbers each: its matcher's slot, -1 while it has none; what it means; its
 * code, and what that would be for the first service; the length from which on its daemon cuts messages.
 */
export const MOST_LISTED = 2 ** 14;
export const CANDIDATE_WIDTH = 8;
export const CANDIDATE = { SLOT: 0, MEANING: 1, CODE: 2, FIRST_CODE: 3, LONGEST: 4 };
export const LISTS = reserve(MOST_LISTED * CANDIDATE_WIDTH * 4);
export const lists = numbersAt(LISTS, MOST_LISTED * CANDIDATE_WIDTH);

export const MEANING = { LEFT: 0, NOTHING: 1, ATTEMPT: 2, PROBE: 3, SUCCESS: 4 };

/**
 * What the loop asks of a text: a client's number, a server's own address's, a service's, a user's (IS_PROPER: who has logged in);
 * where a program is; when a time was.
 */
export const ASK = { CLIENT: 0, LOCAL: 1, SERVICE: 2, USER: 3, PROGRAM: 4, TIME: 5 };
const askFor = importedAs("ask", 3);

export function asking(what: number): (from: Code, to: Code) => Code {
  return (from, to) => call(askFor, int(what), from, to);
}

const otherClients = new TextTable(2 ** 14, asking(ASK.CLIENT));
export const clients = new Ipv4Table(2 ** 16, asking(ASK.CLIENT), otherClients);
export const locals = new TextTable(2 ** 6, asking(ASK.LOCAL));
export const services = new TextTable(2 ** 6, asking(ASK.SERVICE));
export const programs = new TextTable(2 ** 10, asking(ASK.PROGRAM));
export const users = new TextTable(2 ** 16, asking(ASK.USER));
