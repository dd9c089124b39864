import { streamsOf } from "../store/ledger.ts";
import { type PartRow, partsOf } from "../store/parts.ts";
import type { Table } from "../store/table.ts";
import { overlaps } from "./ranges.ts";

/** A part, and whether somebody is counting its bytes or has begun to. */
export interface KnownPart {
  part: PartRow;
  isClaimed: boolean;
}

/** All parts of these hosts as they are now, by name. */
export async function partsNow(table: Table, hosts: readonly string[]): Promise<Map<string, KnownPart>> {
  const known = new Map<string, KnownPart>();
  for (const host of hosts) {
    for await (const stream of streamsOf(table, host)) {
      for (const part of await partsOf(table, stream)) {
        const isClaimed = stream.claims.some((claim) => overlaps(claim, part));
        known.set(nameOf(part).part, { part, isClaimed });
      }
    }
  }
  return known;
}

/** Whether a part is still the same, and nobody was at it before or is by now. */
export function isStable({ part, isClaimed }: KnownPart, later: ReadonlyMap<string, KnownPart>): boolean {
  const now = later.get(nameOf(part).part);
  return !isClaimed && now?.isClaimed === false && now.part.generation === part.generation;
}

/** Names of the stream and the part that a row belongs to. */
export function nameOf({ host, fingerprint, start }: Pick<PartRow, "host" | "fingerprint" | "start">) {
  const stream = `${host} ${fingerprint}`;
  return { stream, part: `${stream} ${start}` };
}
