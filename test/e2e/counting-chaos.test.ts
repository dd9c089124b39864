import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { keysOf } from "../../functions/ingest.ts";
import { verifyStored } from "../../functions/replay.ts";
import { putObject } from "../../functions/store/objects.ts";
import { openStore } from "../../functions/store/store.ts";
import { startStack } from "../../local/stack.ts";
import { temporaryFolder } from "../cli/folder.ts";
import { s3Event } from "../handlers.ts";
import { problemOf } from "./chaos/check.ts";
import { bundled } from "./chaos/child.ts";
import { createLog, type LogObject, objectsOf, WAYS } from "./chaos/logs.ts";
import { startProxy, type Troubles } from "./chaos/proxy.ts";
import { startQueue } from "./chaos/queue.ts";
import { createRandom, type Random } from "./chaos/random.ts";
import { shipKilled } from "./chaos/shipping.ts";
import { startWorkers } from "./chaos/workers.ts";

const ROUNDS = Number(process.env.CHAOS_ROUNDS ?? 500);
const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1e9);
const AT_ONCE = 8;
/** Of so many rounds one ships by host/ship, which is killed; in the others this process ships, in every way there is. */
const SHIPPED = 20;
const DEADLINE_MS = 20 * 60_000;

test("whatever is killed, repeated, reordered, delayed, refused or lost: each line counts once", {
  timeout: DEADLINE_MS,
}, async () => {
  console.log(`chaos: ${ROUNDS} rounds, CHAOS_SEED=${SEED}`);
  const chaos = await startChaos(createRandom(SEED));
  let begun = 0;
  const lane = async () => {
    for (let round = begun++; round < ROUNDS; round = begun++) await chaos.round(round, SEED + round);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  console.log(`chaos: ${JSON.stringify(await chaos.end())}`);
});

async function startChaos(random: Random) {
  const folder = await temporaryFolder();
  const troubles: Troubles = { refused: 0, cut: 0, "lost reply": 0, delayed: 0, unprocessed: 0 };
  const [ingestBundle, queueBundle] = await Promise.all([
    bundled("ingest-process", folder),
    bundled("queue-process", folder),
  ]);
  const queue = await startQueue(queueBundle, join(folder, "queue"));
  const stack = await startStack({
    dataDir: join(folder, "data"),
    handlers: { ingest: () => repeating(queue, random), publish: () => async () => undefined },
  });
  const { deployment } = stack;
  const store = openStore(deployment);
  const rounds = { open: 0, queueKills: 0, shipKills: 0 };
  const shipping = await startProxy(deployment.endpoints?.s3 ?? "", "s3", random, troubles);
  const workers = await startWorkers({
    ...{ count: 3, bundle: ingestBundle, deployment, queue, random, troubles },
    mayKill: () => rounds.open > 0,
  });
  onTestFinished(async () => {
    await workers.stop();
    await shipping.close();
    await queue.stop();
    await stack.stop();
  });
  const putAll = async (objects: LogObject[], own: Random) => {
    for (const { key, body, metadata } of shuffled(objects, own)) {
      await putObject(store.logs, key, body, { condition: { ifNoneMatch: "*" }, metadata });
      if (own.chance(0.4)) await sleep(own.below(100));
      if (!own.chance(0.08)) continue;
      rounds.queueKills++;
      await queue.kill();
    }
  };
  return {
    round: async (number: number, seed: number) => {
      const own = createRandom(seed);
      const host = `h${number}`;
      const way = WAYS[number % WAYS.length]!;
      const log = createLog(number, host, own);
      rounds.open++;
      if (number % SHIPPED === SHIPPED - 1) {
        const dir = join(folder, host);
        const at = { host, dir, dataDir: join(folder, "data"), endpoint: shipping.endpoint };
        rounds.shipKills += await shipKilled(at, log, own);
      } else await putAll(objectsOf(way, host, log, own), own);
      const problem = await settled(() => problemOf(store.table, host, log));
      rounds.open--;
      expect(problem, `round ${number} (${way}), seed ${seed}`).toBeUndefined();
      if (number % 50 === 49) console.log(`chaos: round ${number + 1}, seed ${seed}, ${way}: exact`);
    },
    end: async () => {
      const now = Date.parse("2026-11-25") / 1000;
      const { differences, unreadable } = await verifyStored(deployment, undefined, {
        now,
        onObject: () => {},
      });
      expect([differences, unreadable]).toEqual([[], []]);
      return {
        ...troubles,
        ingestKills: workers.kills(),
        queueKills: rounds.queueKills,
        shipKills: rounds.shipKills,
      };
    },
  };
}

/** Events as S3 gives them, into the queue: late, several times, and some again when all has long been counted. */
function repeating(queue: Awaited<ReturnType<typeof startQueue>>, random: Random) {
  return async ({ Records }: { Records: { body: string }[] }) => {
    for (const { body } of Records) {
      for (const key of keysOf(body)) {
        const send = () => queue.ask({ ask: "send", body: s3Event([key]) });
        const later = (most: number) => sleep(random.below(most)).then(send);
        if (random.chance(0.3)) later(150);
        if (random.chance(0.1)) later(3000);
        await (random.chance(0.3) ? later(200) : send());
      }
    }
    return { batchItemFailures: [] };
  };
}

/** The answer once it is good, and stays good; otherwise the last one. */
async function settled(problem: () => Promise<string | undefined>): Promise<string | undefined> {
  let last: string | undefined = "nothing yet";
  for (let good = 0, tries = 0; tries < 400 && good < 2; tries++) {
    last = await problem();
    good = last === undefined ? good + 1 : 0;
    if (good < 2) await sleep(good > 0 ? 250 : 100 + tries);
  }
  return last;
}

function shuffled<T>(items: T[], random: Random): T[] {
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0]!);
}
