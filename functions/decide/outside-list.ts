/**
 * Lists that others make: allow lists and block lists, each with an end of its own. They are inputs like the counters,
 * under the same rules: nothing that is protected, shared or logged in from is banned because a list says so.
 */
import type { EpochSeconds } from "../parse/event.ts";
import type { Network } from "./decision.ts";
import { BadNetwork, networkText, parseNetwork } from "./network.ts";

export interface OutsideList {
  /** a-z, 0-9 and dashes. */
  name: string;
  action: "allow" | "block";
  /** Where it came from: a path or address, for people. */
  source: string;
  networks: Network[];
  added: EpochSeconds;
  /** It says nothing from then on: a list that nobody renews is worth nothing. */
  expires: EpochSeconds;
}

export const LIST_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** Thrown for text that is no list, with the line that is wrong. */
export class BadOutsideList extends Error {
  override name = "BadOutsideList";
}

const MOST_NETWORKS = 200_000;

/**
 * Reads networks, one a line: plain, or as Spamhaus DROP writes them, as text (`192.0.2.0/24 ; SBL1`,
 * https://www.spamhaus.org/faqs/do-not-route-or-peer-drop/) or as JSON lines (`{"cidr":"192.0.2.0/24",…}`, the last of
 * which is about the list). `#` and `;` begin comments. @throws BadOutsideList
 */
export function parseNetworks(text: string): Network[] {
  const networks = new Set<Network>();
  for (const [index, line] of text.split("\n").entries()) {
    const word = line.startsWith("{") ? cidrOf(line, index) : line.replace(/[#;].*$/, "").trim();
    if (word === undefined || word === "") continue;
    networks.add(networkIn(word, index));
    if (networks.size > MOST_NETWORKS) throw new BadOutsideList(`it has more than ${MOST_NETWORKS} networks`);
  }
  return [...networks];
}

/** Reads a stored list. @throws BadOutsideList */
export function parseOutsideList(text: string): OutsideList {
  const list = JSON.parse(text) as OutsideList;
  const { name, action, source, networks, added, expires } = list;
  const isList =
    LIST_NAME.test(name) && (action === "allow" || action === "block") && Array.isArray(networks);
  if (!isList || !Number.isSafeInteger(added) || !Number.isSafeInteger(expires))
    throw new BadOutsideList(`the stored list ${String(name).slice(0, 40)} is damaged: add it again`);
  return {
    name,
    action,
    source: String(source),
    networks: parseNetworks(networks.join("\n")),
    added,
    expires,
  };
}

function networkIn(word: string, index: number): Network {
  try {
    const network = parseNetwork(word);
    // nobody's list is about half the Internet
    if (network.prefix < 8) throw new BadNetwork(word, "is too wide for a list");
    return networkText(network);
  } catch (error) {
    if (!(error instanceof BadNetwork)) throw error;
    throw new BadOutsideList(`line ${index + 1}: ${error.message}`);
  }
}

function cidrOf(line: string, index: number): string | undefined {
  try {
    const { cidr } = JSON.parse(line) as { cidr?: unknown };
    return typeof cidr === "string" ? cidr : undefined;
  } catch {
    throw new BadOutsideList(`line ${index + 1}: is neither a network nor JSON`);
  }
}
