import { expect, test } from "vitest";
import { hiddenAddressWarning, startHiddenSearch } from "../../functions/report/hidden-address.ts";

const of = (ip: string, attempts: number, successes: number) => ({ ip, attempts, successes });

function hiddenAddress(addresses: ReturnType<typeof of>[]) {
  const search = startHiddenSearch();
  for (const address of addresses) search.add(address.ip, address);
  return search.found();
}

test("most failures from where users log in too: a proxy hides the clients", () => {
  const found = hiddenAddress([of("192.0.2.9", 300, 40), of("198.51.100.7", 100, 0)]);
  expect(found).toEqual({ ip: "192.0.2.9", attempts: 300, share: 0.75, successes: 40 });
  expect(hiddenAddressWarning(found!, ["dovecot", "postfix"])).toMatch(
    /^real address hidden\? 75 % of the failed logins \(300\) come from 192\.0\.2\.9.*login_trusted_networks; postfix: smtpd_upstream_proxy_protocol/,
  );
});

test.each([
  ["an attacker without logins", [of("192.0.2.9", 300, 0)]],
  ["not most of them", [of("192.0.2.9", 100, 40), of("198.51.100.7", 100, 0)]],
  ["too few to tell", [of("192.0.2.9", 19, 40)]],
  ["nothing", []],
])("no proxy: %s", (_name, histories) => {
  expect(hiddenAddress(histories)).toBeUndefined();
});
