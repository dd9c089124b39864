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
  const troubles: Troubles = { refused: 0, cut: 0, "lost reply": 0, delayed: 0, unprocessed: 0 };
  const line = await startProxy(`http://127.0.0.1:${at.s3Port}`, "s3", random, troubles);
  onTestFinished(line.close);
  const hosts: { host: string; log: ReturnType<typeof createLog> }[] = [];
  const lane = async () => {
    // on a quick machine the rounds are over before enough has died
    while (hosts.length < ROUNDS || stack.kills() <= ROUNDS / 3) {
      const number = hosts.length;
      const host = `h${number}`;
      const own = createRandom(SEED + number);
      const log = createLog(number, host, own);
      hosts.push({ host, log });
      await shipKilled({ host, dir: join(folder, host), ...at, endpoint: line.endpoint }, log, own);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  await stack.spare();
  console.log(`stack chaos: ${JSON.stringify({ ...troubles, hosts: hosts.length, kills: stack.kills() })}`);
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
    kills: () => kills,
    /** Kills it no more. */
    spare: async () => {
      mortal = false;
      await dying;
    },
  };
}
