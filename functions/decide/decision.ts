import type { Address, EpochSeconds, Service } from "../parse/event.ts";

/** An address or a network as listed: `192.0.2.7`, `192.0.2.0/24`, `2001:db8:1:2::/64`; canonical, host bits zero. */
export type Network = string;

/** `ban`; `report` to the provider; `allow`; `watch`: offends, below the rule. */
export type Action = "ban" | "report" | "allow" | "watch";

export interface Decision {
  ip: Address;
  network: Network;
  action: Action;
  /** The rule that decided, a stable word: `maxretry`, `ignoreip`, `never`, `own`, `home`, `expired`, `below`. */
  rule: string;
  /** One sentence with the numbers, for people. */
  reason: string;
  /** End of the ban; undefined unless action is `ban`. */
  until: EpochSeconds | undefined;
  attempts: number;
  events: number;
  successes: number;
  users: number;
  hosts: readonly string[];
  services: Service[];
  first: EpochSeconds;
  last: EpochSeconds;
  /** ISO 3166-1 alpha-2, where known. */
  country: string | undefined;
}
