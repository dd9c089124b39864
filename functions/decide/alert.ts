import type { Address, EpochSeconds } from "../parse/event.ts";
import type { Case } from "./case.ts";
import type { Decision, Network } from "./decision.ts";
import { flat } from "./flat.ts";
import { hostsWith } from "./logged-in.ts";
import type { Ruling } from "./ruling.ts";

/**
 * What somebody should look at now. `guessed`: a password was probably guessed, its owner must change it.
 * `shared`: an address that many share offends; a word with its owner does more than a ban.
 * `otherHost`: one host tells of attacks that no other saw, from where users log in.
 */
export interface Alert {
  kind: "guessed" | "shared" | "otherHost";
  ip: Address;
  network: Network;
  /** Users who logged in from there, as rows name them; the first 16 by name. */
  users: string[];
  hosts: string[];
  at: EpochSeconds;
  reason: string;
}

const MOST_USERS = 16;

/** The alert that goes with a decision, where there is one. */
export function alertOf(
  { history, guesser, offences }: Case,
  { ip, network, rule, last }: Decision,
  { reason }: Ruling,
): Alert | undefined {
  const kind = guesser !== undefined && !PROTECTED.includes(rule) ? "guessed" : rule;
  if (kind !== "guessed" && kind !== "shared" && kind !== "otherHost") return undefined;
  const users = history.userDays.flatMap(({ succeeded }) => [...succeeded.keys()]);
  return {
    kind,
    ip,
    network,
    users: [...new Set(users)].sort().slice(0, MOST_USERS),
    hosts:
      kind === "guessed"
        ? hostsWith(history.hours, ({ successes }) => successes)
        : (offences.ban?.hosts ?? []),
    at: kind === "guessed" ? (history.firstSuccess ?? last) : last,
    reason: flat(reason()),
  };
}

/** Whoever is trusted by name is not suspected of guessing. */
const PROTECTED = ["never", "own", "proxy", "ignoreip"];
