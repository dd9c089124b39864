import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { verifyStored } from "../../functions/replay.ts";
import { openStore } from "../../functions/store/store.ts";
import { connectStack } from "../../local/connect.ts";
import { temporaryFolder } from "../cli/folder.ts";
import { freePort } from "../free-port.ts";
import { problemOf } from "./chaos/check.ts";
import { kill, startChild } from "./chaos/child.ts";
import { createLog } from "./chaos/logs.ts";
import { startProxy, type Troubles } from "./chaos/proxy.ts";
import { createRandom, type Random } from "./chaos/random.ts";
import { shipKilled } from "./chaos/shipping.ts";

const ROUNDS = Number(process.env.CHAOS_ROUNDS ?? 25);
const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1e9);
const AT_ONCE = 3;

test("whenever host/ship and the whole embedded stack are killed: each line counts once", {
  timeout: 15 * 60_000,
}, async () => {
  console.log(`stack chaos: ${ROUNDS} rounds, CHAOS_SEED=${SEED}`);
  const random = createRandom(SEED);
  const folder = await temporaryFolder();
  const at = { dataDir: join(folder, "data"), s3Port: await freePort() };
  const stack = await startMortalStack(at, random);
  const troubles: Troubles = { refused: 0, cut: 0, "lost reply": 0, delayed: 0 };
  const line = await startProxy(`http://127.0.0.1:${at.s3Port}`, "s3", random, troubles);
  onTestFinished(line.close);
  const hosts = Array.from({ length: ROUNDS }, (_, number) => {
    const own = createRandom(SEED + number);
    return { host: `h${number}`, own, log: createLog(number, `h${number}`, own) };
  });
  const waiting = [...hosts];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { host, log, own } = next;
      await shipKilled({ host, dir: join(folder, host), ...at, endpoint: line.endpoint }, log, own);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const kills = await stack.spare();
  console.log(`stack chaos: ${JSON.stringify({ ...troubles, kills })}`);
  expect(kills).toBeGreaterThan(ROUNDS / 3);
  await expectTruth(at.dataDir, hosts);
});

/** What a host's log says, and no more, is counted, as soon as all that came in has been worked off. */
async function expectTruth(
  dataDir: string,
  hosts: { host: string; log: ReturnType<typeof createLog> }[],
): Promise<void> {
  const { deployment, drain } = (await connectStack(dataDir))!;
  await drain();
  const { table } = openStore(deployment);
  for (const { host, log } of hosts)
    expect(await problemOf(table, host, log), `${host}, CHAOS_SEED=${SEED}`).toBeUndefined();
  const now = Date.parse("2026-11-25") / 1000;
  const { differences, unreadable } = await verifyStored(deployment, undefined, { now, onObject: () => {} });
  expect([differences, unreadable]).toEqual([[], []]);
}

/** A stack in a process of its own that is killed at random moments and started again, until it is spared. */
async function startMortalStack(at: { dataDir: string; s3Port: number }, random: Random) {
  const script = new URL("chaos/stack-process.ts", import.meta.url).pathname;
  const start = () => startChild(script, JSON.stringify(at));
  let child = await start();
  let kills = 0;
  let mortal = true;
  const dying = (async () => {
    while (mortal) {
      await sleep(random.below(2500));
      if (!mortal) return;
      await kill(child);
      kills++;
      child = await start();
    }
  })();
  onTestFinished(async () => {
    mortal = false;
    await dying;
    await kill(child);
  });
  return {
    /** Kills it no more; tells how often it was. */
    spare: async () => {
      mortal = false;
      await dying;
      return kills;
    },
  };
}
