import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createIngest } from "../../functions/ingest.ts";
import { blocklist } from "../../functions/list/blocklist.ts";
import { fileFacts, type Manifest } from "../../functions/list/manifest.ts";
import { currentManifest, publishList, withoutRace } from "../../functions/list/publish.ts";
import { createPublish } from "../../functions/publish.ts";
import type { Deployment } from "../../functions/store/deployment.ts";
import { type Bucket, getText, stateOf } from "../../functions/store/objects.ts";
import { closeStore, openStore, type Store } from "../../functions/store/store.ts";
import { type System, sqsEvent, startSystem } from "../handlers.ts";
import { bans, NOW } from "./factories.ts";

const ROUNDS = 10;

/** A store of its own whose calls to S3 each take a random while, so that two publishers meet at every step. */
function jitteryStore(deployment: Deployment): Store {
  const store = openStore(deployment);
  onTestFinished(() => closeStore(store));
  const delay = async () => await wait(Math.random() ** 3 * 60);
  store.lists.client.middlewareStack.add(
    (next) => async (args) => {
      await delay();
      const reply = await next(args);
      await delay();
      return reply;
    },
    { step: "initialize" },
  );
  return store;
}

/** Looks at the manifest all the time until told to stop; each that it saw, in order, after checking its files. */
function watch(lists: Bucket): () => Promise<Manifest[]> {
  const seen: Manifest[] = [];
  let isOver = false;
  const watching = (async () => {
    for (;;) {
      const last = isOver; // once more after the end
      const current = await currentManifest(lists);
      if (current !== undefined && current.manifest.serial !== seen.at(-1)?.serial) {
        await checkFiles(lists, current.manifest);
        seen.push(current.manifest);
      }
      if (last) return seen;
      await wait(2);
    }
  })();
  watching.catch(() => undefined); // told by who stops it
  return async () => {
    isOver = true;
    return await watching;
  };
}

async function checkFiles(lists: Bucket, { folder, files }: Manifest): Promise<void> {
  for (const [file, { size, sha256 }] of Object.entries(files)) {
    const stored = await getText(lists, `${folder}/${file}`);
    expect({ file, ...(stored && fileFacts(stored.text)) }).toEqual({ file, size, sha256 });
  }
}

test("two publishers at once never go back", { timeout: 120_000 }, async () => {
  const { deployment, store } = await startSystem();
  let known = 150;
  let ended = 0;
  const publisher = async (clockOff: number) => {
    const own = jitteryStore(deployment);
    for (let round = 0; round < ROUNDS; round++) {
      const now = NOW + clockOff + round;
      await withoutRace(own.lists, async (before) => {
        // deciding: what is known at this moment, at work for a while
        const entries = blocklist(bans(known++), NOW);
        await wait(Math.random() * 30);
        return await publishList(own, { entries, policy: "default", now }, before);
      }).catch((error: Error) => expect(error.name).toBe("PublishRaceError"));
      ended++;
    }
  };
  const stopWatching = watch(store.lists);
  await Promise.all([publisher(0), publisher(-3600)]);
  const seen = await stopWatching();
  expect(ended).toBe(2 * ROUNDS);
  expect(seen.length).toBeGreaterThan(ROUNDS / 2);
  const numbers = seen.map(({ serial, networks }) => ({ serial, networks }));
  for (const [n, { serial, networks }] of numbers.entries()) {
    if (n === 0) continue;
    expect(serial).toBeGreaterThan(numbers[n - 1]!.serial);
    // a list decided earlier never replaces one decided later
    expect(networks).toBeGreaterThan(numbers[n - 1]!.networks);
  }
  for (const file of ["plain.txt", "pan-os.txt", "fortigate.txt", "mikrotik.rsc"]) {
    const there = await stateOf(store.lists, `blocklist/${file}`);
    expect({ file, serial: there?.metadata.serial }).toEqual({ file, serial: `${seen.at(-1)!.serial}` });
  }
});

test("of two that decide over one deployment, none takes a ban back that the other has published", {
  timeout: 120_000,
}, async () => {
  const system = await startSystem();
  const publishers = [createPublish(system.deployment), createPublish(system.deployment)];
  const ingest = createIngest(system.deployment);
  const stopWatching = watch(system.store.lists);
  const publishing = publishers.map(async (publish) => {
    for (let round = 0; round < 6; round++) {
      await wait(Math.random() * 200);
      await publish({ now: NOW });
    }
  });
  for (let n = 0; n < 6; n++) {
    const key = await putAttack(system, n);
    expect(await ingest(sqsEvent([key]))).toEqual({ batchItemFailures: [] });
  }
  await Promise.all(publishing);
  await publishers[0]!({ now: NOW });
  const networks = (await stopWatching()).map((manifest) => manifest.networks);
  expect(networks).toEqual([...networks].sort((a, b) => a - b));
  expect(networks.at(-1)).toBe(6);
});

/** Ten failed logins of an address of its own, in an object of its own. */
async function putAttack({ put }: System, n: number): Promise<string> {
  const line = (minute: number) =>
    `2026-11-24T01:0${minute}:00+00:00 mx${n} dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<u${minute}>, method=PLAIN, rip=81.${n + 1}.2.3, lip=203.0.113.25, session=<${n}>\n`;
  const key = `mx${n}/maillog`;
  await put(key, Array.from({ length: 10 }, (_, minute) => line(minute)).join(""));
  return key;
}
