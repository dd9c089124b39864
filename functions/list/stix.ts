/**
 * A STIX 2.1 bundle (OASIS, https://docs.oasis-open.org/cti/stix/v2.1/): an identity, and an indicator a network. Made to
 * be passed on: no host, user or reason of the fleet. An indicator keeps its id, and its version (`modified`) changes
 * when the address has been seen again, so that a system that takes the bundle each day updates what it has.
 */
import type { EpochSeconds } from "../parse/event.ts";
import type { ListEntry } from "./blocklist.ts";
import type { ListFormat } from "./formats.ts";
import { isoTime } from "./time.ts";
import { uuid5 } from "./uuid.ts";

export const stix: ListFormat = {
  name: "stix",
  *render(entries, { now }) {
    const ours = identity();
    yield `{"type":"bundle","id":"bundle--${uuid5(NAMESPACE, `bundle ${now}`)}","objects":[\n${JSON.stringify(ours)}`;
    for (const entry of entries) yield `,\n${JSON.stringify(indicatorOf(entry, ours.id))}`;
    yield "\n]}\n";
  },
};

/** Ours: STIX demands another than its own for ids that are made from other things than its objects' members. */
const NAMESPACE = "5b1e3c0e-6f0d-4f5e-9d0c-3b0a3f6d9a11";
const SINCE = "2026-11-24T00:00:00.000Z";

/** Made for each bundle: the first hash loads node:crypto, which takes 8 ms of whatever is not about STIX. */
function identity() {
  return {
    type: "identity",
    spec_version: "2.1",
    id: `identity--${uuid5(NAMESPACE, "identity")}`,
    created: SINCE,
    modified: SINCE,
    name: "fleetban",
    identity_class: "system",
  };
}

function indicatorOf({ network, range, until, attempts, first, last }: ListEntry, createdBy: string) {
  const created = stamp(Math.min(first, until - 1));
  return {
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--${uuid5(NAMESPACE, `${network} ${created}`)}`,
    created_by_ref: createdBy,
    created,
    modified: stamp(Math.max(first, last)),
    name: network,
    description: `${attempts} failed mail logins from ${network}`,
    indicator_types: ["malicious-activity"],
    pattern: `[ipv${range.family}-addr:value ${network.includes("/") ? "ISSUBSET" : "="} '${network}']`,
    pattern_type: "stix",
    valid_from: created,
    valid_until: stamp(until),
  };
}

/** STIX asks for milliseconds in `created` and `modified`. */
function stamp(at: EpochSeconds): string {
  return isoTime(at).replace("Z", ".000Z");
}
