import type { ListFormat } from "./formats.ts";

/** One network a line and nothing else: HAProxy `-f`, pfSense tables, most appliances. */
export const plain: ListFormat = {
  name: "plain",
  *render(entries) {
    for (const { network } of entries) yield `${network}\n`;
  },
};
