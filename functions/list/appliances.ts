/**
 * Lists for firewalls that fetch one by URL and take so many entries only: the worst first, so that what is cut by us, or
 * by a smaller model, is what matters least.
 */
import type { ListEntry } from "./blocklist.ts";
import type { ListFormat } from "./formats.ts";

const PAN_OS_MOST = 50_000;
const FORTIGATE_MOST = 131_072;

/**
 * Palo Alto's external dynamic list: 50,000 addresses on the smaller models, over all lists. A comment may follow an
 * address, and stand nowhere else: the first line says what was cut.
 * https://docs.paloaltonetworks.com/network-security/security-policy/administration/objects/external-dynamic-lists/formatting-guidelines-for-an-external-dynamic-list
 */
export const panOs: ListFormat = {
  name: "pan-os",
  most: PAN_OS_MOST,
  *render(entries) {
    const worst = worstOf(entries, PAN_OS_MOST);
    const cut = entries.length - worst.length;
    let remark = cut === 0 ? "" : ` # the worst ${worst.length} of ${entries.length} networks, ${cut} cut`;
    for (const { network } of worst) {
      yield `${network}${remark}\n`;
      remark = "";
    }
  },
};

/**
 * Fortinet's external IP list: 131,072 entries or 10 MB a list before FortiOS 7.4.4, 300,000 over all lists from then on.
 * Nothing but networks; the manifest says what was cut.
 * https://docs.fortinet.com/document/fortigate/7.4.0/new-features/677896/external-resource-entry-limit-enhancements-7-4-4
 */
export const fortigate: ListFormat = {
  name: "fortigate",
  most: FORTIGATE_MOST,
  *render(entries) {
    for (const { network } of worstOf(entries, FORTIGATE_MOST)) yield `${network}\n`;
  },
};

/** Most attempts first; of equal ones in the list's order. */
function worstOf(entries: readonly ListEntry[], most: number): ListEntry[] {
  return [...entries].sort((a, b) => b.attempts - a.attempts).slice(0, most);
}
