import { expect, onTestFinished, test } from "vitest";
import { blocklist } from "../../functions/list/blocklist.ts";
import { fileFacts } from "../../functions/list/manifest.ts";
import { currentManifest, publishList, withoutRace } from "../../functions/list/publish.ts";
import type { Deployment } from "../../functions/store/deployment.ts";
import { getText, stateOf } from "../../functions/store/objects.ts";
import { closeStore, openStore, type Store } from "../../functions/store/store.ts";
import { startSystem } from "../handlers.ts";
import { bans, NOW } from "./factories.ts";

class Killed extends Error {
  override name = "Killed";
}

/** A store that dies before, or after, so many calls to S3: the last one is made and its answer lost. */
function dyingStore(deployment: Deployment, calls: number, isAnswered: boolean): Store {
  const store = openStore(deployment);
  onTestFinished(() => closeStore(store));
  let left = calls;
  store.lists.client.middlewareStack.add(
    (next) => async (args) => {
      if (left === 0) throw new Killed();
      left--;
      if (left > 0 || isAnswered) return await next(args);
      await next(args);
      throw new Killed();
    },
    { step: "initialize" },
  );
  return store;
}

async function publish(store: Store, count: number): Promise<void> {
  const now = NOW + count;
  const list = { entries: blocklist(bans(count), NOW), policy: "default", now };
  await withoutRace(store.lists, (before) => publishList(store, list, before));
}

/** What is in force is whole: how many networks, and the serial at each fixed address. */
async function inForce({ lists }: Store) {
  const current = await currentManifest(lists);
  if (current === undefined) return undefined;
  const { folder, files, serial, networks } = current.manifest;
  for (const [file, { sha256 }] of Object.entries(files)) {
    expect(fileFacts((await getText(lists, `${folder}/${file}`))!.text)).toMatchObject({ sha256 });
  }
  const fixed = await stateOf(lists, "blocklist/mikrotik.rsc");
  return { networks, isSettled: fixed?.metadata.serial === `${serial}` };
}

test("a publisher killed at any call leaves the list before or the new one, and the next one mends the rest", {
  timeout: 120_000,
}, async () => {
  const { deployment, store } = await startSystem();
  let count = 150;
  let before = 0;
  const left = { old: 0, unsettled: 0, done: 0 };
  for (let calls = 0; ; calls += 2) {
    count++;
    const dying = dyingStore(deployment, calls, calls % 4 === 0);
    const end = await publish(dying, count).then(
      () => undefined,
      (error: Error) => error.name,
    );
    const found = await inForce(store);
    expect([before, count]).toContain(found?.networks ?? 0);
    if (found?.networks !== count) left.old++;
    else if (!found.isSettled) left.unsettled++;
    else left.done++;
    await publish(store, count);
    expect(await inForce(store)).toEqual({ networks: count, isSettled: true });
    before = count;
    if (end === undefined) break;
    expect(end).toBe("Killed");
  }
  // all three have been met: killed before the manifest, between it and what follows, and after everything
  expect(Math.min(left.old, left.unsettled, left.done)).toBeGreaterThan(0);
});
