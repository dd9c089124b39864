import fc from "fast-check";
import { expect, test } from "vitest";
import type { Decision } from "../../functions/decide/decision.ts";
import { boundHostShares } from "../../functions/decide/host-share.ts";
import { defaultPolicy } from "../../functions/decide/policy.ts";

const policy = { ...defaultPolicy, maxHostShare: 0.25, guard: { ...defaultPolicy.guard, from: 3 } };

const ban = (n: number, attempts: number, hosts: readonly string[]) =>
  ({ network: `198.51.100.${n}`, action: "ban", attempts, hosts }) as Decision;

/** Many with as many attempts, so that addresses decide which are the worst. */
const bans = fc
  .array(
    fc.record({ attempts: fc.integer({ min: 5, max: 7 }), host: fc.constantFrom("mx1", "mx2", "both") }),
    {
      maxLength: 40,
    },
  )
  .map((all) =>
    all.map(({ attempts, host }, n) => ban(n, attempts, host === "both" ? ["mx1", "mx2"] : [host])),
  );

const worstFirst = (a: Decision, b: Decision) => b.attempts - a.attempts || (a.network < b.network ? -1 : 1);
const networks = (decisions: readonly Decision[]) => decisions.map(({ network }) => network).sort();

test("of what one host alone tells the worst stay, in whatever order they come", () => {
  fc.assert(
    fc.property(bans, (all) => {
      const { kept, withheld } = boundHostShares(all, policy, 10);
      for (const host of ["mx1", "mx2"]) {
        const own = all.filter(({ hosts }) => hosts.length === 1 && hosts[0] === host);
        const most = Math.max(Math.floor((all.length - own.length) / 3), policy.guard.from);
        const stay = kept.filter(({ hosts }) => hosts.length === 1 && hosts[0] === host);
        expect(networks(stay)).toEqual(networks(own.sort(worstFirst).slice(0, most)));
      }
      const without = withheld.flatMap(({ decisions }) => decisions);
      expect(networks([...kept, ...without])).toEqual(networks(all));
      const backwards = boundHostShares(all.toReversed(), policy, 10);
      expect(networks(backwards.kept)).toEqual(networks(kept));
    }),
  );
});

test("a single host, or two, make their whole list", () => {
  const all = Array.from({ length: 40 }, (_, n) => ban(n, 5, ["mx1"]));
  for (const hosts of [1, 2])
    expect(boundHostShares(all, policy, hosts)).toEqual({ kept: all, withheld: [] });
});
