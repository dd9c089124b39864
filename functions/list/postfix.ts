import type { ListFormat } from "./formats.ts";

/**
 * A table for Postfix's `check_client_access cidr:FILE`, cidr_table(5): the first line that matches counts, so order
 * and nesting do not matter. REJECT answers 554; the text is what the client gets to see.
 */
export const postfix: ListFormat = {
  name: "postfix",
  *render(entries) {
    for (const { network } of entries) yield `${network} REJECT blocked after failed logins\n`;
  },
};
