import type { ListFormat } from "./formats.ts";
import { isoTime } from "./time.ts";

/** For spreadsheets and databases: RFC 4180 with LF line ends, a header, times in ISO 8601, several hosts joined by spaces. */
export const csv: ListFormat = {
  name: "csv",
  *render(entries) {
    yield "network,until,rule,reason,attempts,hosts,country,first,last\n";
    for (const { network, until, rule, reason, attempts, hosts, country, first, last } of entries) {
      const times = [isoTime(first), isoTime(last)];
      const fields = [
        network,
        isoTime(until),
        rule,
        reason,
        `${attempts}`,
        hosts.join(" "),
        country ?? "",
        ...times,
      ];
      yield `${fields.map(quoted).join(",")}\n`;
    }
  },
};

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
