import type { ListFormat } from "./formats.ts";

/** `network<TAB>until`, until in epoch seconds, no header: what host/apply reads. */
export const tsv: ListFormat = {
  name: "tsv",
  *render(entries) {
    for (const { network, until } of entries) yield `${network}\t${until}\n`;
  },
};
