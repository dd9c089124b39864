import { type AddressInfo, connect, createServer } from "node:net";
import { Transform } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createIngest } from "../../functions/ingest.ts";
import { blocklist } from "../../functions/list/blocklist.ts";
import { fileFacts, type Manifest } from "../../functions/list/manifest.ts";
import { currentManifest, PublishRaceError, publishList, withoutRace } from "../../functions/list/publish.ts";
import { createPublish } from "../../functions/publish.ts";
import type { Deployment } from "../../functions/store/deployment.ts";
import { type Bucket, getText, stateOf } from "../../functions/store/objects.ts";
import { closeStore, openStore, type Store } from "../../functions/store/store.ts";
import { type System, sqsEvent, startSystem } from "../handlers.ts";
import { bans, NOW } from "./factories.ts";

const ROUNDS = 8;
const ATTACKERS = 25;

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

function onlyRaces(error: unknown): void {
  if (!(error instanceof PublishRaceError)) throw error;
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
      }).catch(onlyRaces);
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

test("of several that decide over one deployment, none takes a ban back that another has published", {
  timeout: 120_000,
}, async () => {
  const system = await startSystem();
  // slow ones, which are still at work on what they have decided when more is known
  const slow = await throughSlowWire(system.deployment);
  const publishers = [createPublish(slow), createPublish(slow), createPublish(slow)];
  const ingest = createIngest(system.deployment);
  const stopWatching = watch(system.store.lists);
  let isOver = false;
  const publishing = publishers.map(async (publish) => {
    while (!isOver) await publish({ now: NOW }).catch(onlyRaces);
  });
  for (let n = 0; n < ATTACKERS; n++) {
    const key = await putAttack(system, n);
    expect(await ingest(sqsEvent([key]))).toEqual({ batchItemFailures: [] });
  }
  isOver = true;
  await Promise.all(publishing);
  await publishers[0]!({ now: NOW });
  const networks = (await stopWatching()).map((manifest) => manifest.networks);
  expect(networks).toEqual([...networks].sort((a, b) => a - b));
  expect(networks.at(-1)).toBe(ATTACKERS);
});

/** The same deployment, but each packet to S3 takes a while. */
async function throughSlowWire(deployment: Deployment): Promise<Deployment> {
  const { hostname, port } = new URL(deployment.endpoints!.s3!);
  const wire = createServer((client) => {
    const server = connect(Number(port), hostname);
    client.pipe(slow()).pipe(server).pipe(client);
    for (const end of [client, server])
      end.on("error", () => [client, server].forEach((side) => void side.destroy()));
  });
  await new Promise<void>((resolve) => wire.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void wire.close());
  const { port: here } = wire.address() as AddressInfo;
  return { ...deployment, endpoints: { ...deployment.endpoints, s3: `http://127.0.0.1:${here}` } };
}

function slow(): Transform {
  return new Transform({
    transform: (chunk, _encoding, done) => void setTimeout(() => done(null, chunk), Math.random() * 60),
  });
}

/** Ten failed logins of an address of its own, in an object of its own. */
async function putAttack({ put }: System, n: number): Promise<string> {
  const line = (minute: number) =>
    `2026-11-24T01:0${minute}:00+00:00 mx${n} dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<u${minute}>, method=PLAIN, rip=81.${n + 1}.2.3, lip=203.0.113.25, session=<${n}>\n`;
  const key = `mx${n}/maillog`;
  await put(key, Array.from({ length: 10 }, (_, minute) => line(minute)).join(""));
  return key;
}
