import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { networkText, parseNetwork } from "../../functions/decide/network.ts";
import { addressOf } from "../../functions/parse/address.ts";
import { describeWith, HOST, run } from "./programs.ts";

const dir = mkdtempSync(join(tmpdir(), "fleetban-awk-"));
afterAll(() => rmSync(dir, { recursive: true }));

const groups = fc.oneof({ weight: 2, arbitrary: fc.constant(0n) }, fc.bigInt({ min: 0n, max: 0xffffn }));
/** IPv6 with many zero groups: there the canonical form is not obvious. */
const sparse = fc
  .array(groups, { minLength: 8, maxLength: 8 })
  .map((all) => all.reduce((value, group) => value * 65536n + group, 0n));
const address = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value) => addressOf({ family: 4, value })),
  sparse.map((value) => addressOf({ family: 6, value })).filter((text) => text.includes(":")),
);
const prefixed = fc
  .tuple(address, fc.integer({ min: 1, max: 128 }))
  .map(([text, prefix]) => `${text}/${prefix}`);
/** Texts that are near to a network. */
const nearly = fc
  .tuple(
    fc.oneof(address, prefixed),
    fc.nat(),
    fc.constantFrom("0", "1", "f", "g", ":", "::", ".", "/", "%", " ", "-", ""),
  )
  .map(([text, at, piece]) => text.slice(0, at % text.length) + piece + text.slice((at % text.length) + 1));

for (const awk of [["mawk"], ["busybox", "awk"]]) {
  describeWith([awk[0]!])(`networks read by ${awk.join(" ")}`, () => {
    test("are those that the server writes, and no others", async () => {
      const texts = [...sample(address, 500), ...sample(prefixed, 1500), ...sample(nearly, 1500)];
      const expected = texts.map((text) => (isCanonical(text) ? text : "no"));
      expect(expected.filter((text) => text !== "no").length).toBeGreaterThan(500);
      expect(await readBy(awk, texts)).toEqual(expected);
    });

    test("make a list of addresses and networks, without what is never listed", async () => {
      const [list, never, remarks] = ["list", "never", "remarks"].map((name) => join(dir, name));
      const networks = ["9.9.8.0/24", "9.9.9.9", "9.9.10.0/23", "2a02:1:2:3::/64", "2a02:1:2:4::7"];
      writeFileSync(list!, networks.map((network) => `${network}\t1900000000\n`).join(""));
      // 9.9.11.0 to 9.9.11.255, and what never.awk ends with
      writeFileSync(never!, "4 0151587584 0151587839\n9\n");
      const variables = Object.entries({ now: "1899999000", networks: "5", never, remarks });
      const program = ["address.awk", "list.awk"].flatMap((name) => ["-f", join(HOST, "lib", name)]);
      const options = variables.flatMap(([name, value]) => ["-v", `${name}=${value}`]);
      const { stdout } = await run([...awk, ...options, ...program, list!], { input: "" });
      const kept = ["4 9.9.8.0/24", "4 9.9.9.9", "6 2a02:1:2:3::/64", "6 2a02:1:2:4::7"];
      expect(stdout.trimEnd().split("\n")).toEqual(kept.map((network) => `${network} 1000`));
      expect(readFileSync(remarks!, "utf8")).toBe(
        "left-out 9.9.10.0/23\nkept 2 2 9.9.8.0/24 2a02:1:2:3::/64\n",
      );
    });
  });
}

function sample(arbitrary: fc.Arbitrary<string>, numRuns: number): string[] {
  return fc.sample(arbitrary, { numRuns, seed: 20261124 });
}

async function readBy(awk: readonly string[], texts: readonly string[]): Promise<string[]> {
  const main = join(dir, "main.awk");
  writeFileSync(main, '{ print read_network($0) ? network_text() : "no" }\n');
  const command = [...awk, "-f", join(HOST, "lib", "address.awk"), "-f", main];
  const { stdout } = await run(command, { input: `${texts.join("\n")}\n` });
  return stdout.trimEnd().split("\n");
}

function isCanonical(text: string): boolean {
  try {
    const network = parseNetwork(text);
    return networkText(network) === text && network.prefix > 0; // no host wants /0
  } catch {
    return false;
  }
}
