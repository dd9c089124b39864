import { expect, test } from "vitest";
import { NO_EXCEPTIONS, type Word } from "../../functions/decide/exceptions.ts";
import { defaultPolicy } from "../../functions/decide/policy.ts";
import { createIngest } from "../../functions/ingest.ts";
import { LIST_LIFETIME } from "../../functions/list/manifest.ts";
import { createPublish } from "../../functions/publish.ts";
import { putObject } from "../../functions/store/objects.ts";
import { type System, sqsEvent, startSystem } from "../handlers.ts";
import { NOW } from "./factories.ts";

const HALF = LIST_LIFETIME / 2;

/** Ten failed logins of each of these addresses, all of one network each, counted. */
async function attacks(system: System, name: string, from: number, count: number): Promise<void> {
  const lines = Array.from({ length: count * 10 }, (_, n) => {
    const ip = `81.${from + Math.floor(n / 10)}.2.3`;
    return `2026-11-24T01:0${n % 10}:00+00:00 mx1 dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<u${n}>, method=PLAIN, rip=${ip}, lip=203.0.113.25, session=<${n}>\n`;
  });
  await system.put(`${name}/maillog`, lines.join(""));
  expect(await createIngest(system.deployment)(sqsEvent([`${name}/maillog`]))).toEqual({
    batchItemFailures: [],
  });
}

async function putPolicy({ store }: System, guard: Partial<typeof defaultPolicy.guard>): Promise<void> {
  const policy = { guard: { ...defaultPolicy.guard, ...guard }, maxHostShare: 1 };
  await putObject(store.lists, "policy/policy.json", JSON.stringify(policy));
}

test("a guarded list is renewed at half of its life as any other", async () => {
  const system = await startSystem();
  const publish = createPublish(system.deployment);
  await putPolicy(system, { from: 2, maxGrowth: 1 });
  await attacks(system, "mx1", 1, 3);
  const { manifest } = await publish({ now: NOW });
  await attacks(system, "mx2", 101, 20);
  const guarded = await publish({ now: NOW + 60 });
  expect(guarded).toMatchObject({ changed: false, manifest, refusal: { withheld: 20 } });
  const renewed = await publish({ now: NOW + HALF });
  expect(renewed.refusal).toBeDefined();
  expect(renewed.manifest).toEqual({
    ...manifest,
    created: NOW + HALF,
    expires: NOW + HALF + LIST_LIFETIME,
  });
});

test("a paused list is renewed too", async () => {
  const system = await startSystem();
  const publish = createPublish(system.deployment);
  await attacks(system, "mx1", 1, 3);
  const { manifest } = await publish({ now: NOW });
  const pause: Word = { reason: "looking", by: "test", at: NOW, until: NOW + 2 * HALF };
  const exceptions = { ...NO_EXCEPTIONS, pauses: [pause] };
  await putObject(system.store.lists, "policy/exceptions.json", JSON.stringify(exceptions));
  await attacks(system, "mx2", 101, 20);
  const { serial, expires } = (await publish({ now: NOW + HALF })).manifest;
  expect({ serial, expires }).toEqual({ serial: manifest.serial, expires: NOW + HALF + LIST_LIFETIME });
});

test("a paused list that is damaged is neither emptied nor replaced: it waits for somebody", async () => {
  const system = await startSystem();
  const { lists } = system.store;
  const publish = createPublish(system.deployment);
  await attacks(system, "mx1", 1, 3);
  const { manifest } = await publish({ now: NOW });
  const pause: Word = { reason: "looking", by: "test", at: NOW, until: NOW + 1000 };
  await putObject(lists, "policy/exceptions.json", JSON.stringify({ ...NO_EXCEPTIONS, pauses: [pause] }));
  await putObject(lists, `${manifest.folder}/blocklist.json`, "damaged");
  await putObject(lists, `${manifest.folder}/blocklist.tsv`, "damaged");
  await expect(publish({ now: NOW + 60 })).rejects.toThrow(/paused .* damaged.* pause --end/);
  expect((await publish({ now: NOW + 2000 })).manifest.networks).toBe(3);
});
