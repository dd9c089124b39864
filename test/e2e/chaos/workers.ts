import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { dynamoDBClient } from "../../../functions/store/clients.ts";
import type { Deployment } from "../../../functions/store/deployment.ts";
import { kill, startChild } from "./child.ts";
import type { IngestAnswer, IngestTask } from "./ingest-process.ts";
import { partlyDone } from "./partly.ts";
import { type FaultyProxy, startProxy, type Troubles } from "./proxy.ts";
import type { ChaosQueue } from "./queue.ts";
import type { Random } from "./random.ts";

export interface Workers {
  /** How many processes were killed at work. */
  kills(): number;
  stop(): Promise<void>;
}

export interface WorkersOptions {
  count: number;
  bundle: string;
  deployment: Deployment;
  queue: ChaosQueue;
  random: Random;
  troubles: Troubles;
  /** Whether to kill any more; towards the end of the test there must be one that lives. */
  mayKill: () => boolean;
}

/** Share of the calls during which the process is killed. */
const KILLED = 0.12;

/** Processes that ingest what the queue gives them, over faulty connections, and are killed now and then at work. */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const state = { dead: [] as string[], names: 0, kills: 0, stopping: false };
  const slots = await Promise.all(Array.from({ length: options.count }, () => startSlot(options)));
  const loops = slots.map((slot) => work(slot, options, state));
  return {
    kills: () => state.kills,
    stop: async () => {
      state.stopping = true;
      await Promise.all(loops);
      for (const slot of slots) {
        if (slot.child) await kill(slot.child.process);
        await Promise.all([slot.s3.close(), slot.dynamodb.close()]);
      }
    },
  };
}

interface State {
  /** Names of killed processes whose requests have all settled. */
  dead: string[];
  names: number;
  kills: number;
  stopping: boolean;
}

/** A place for one process at a time, with its own connections: so it is known when all requests of one have settled. */
interface Slot {
  s3: FaultyProxy;
  dynamodb: FaultyProxy;
  child: { name: string; process: ChildProcess; gone: Promise<unknown> } | undefined;
}

async function startSlot({ deployment, random, troubles }: WorkersOptions): Promise<Slot> {
  const { s3 = "", dynamodb = "" } = deployment.endpoints ?? {};
  return {
    s3: await startProxy(s3, "s3", random, troubles),
    dynamodb: await startProxy(
      dynamodb,
      "dynamodb",
      random,
      troubles,
      partlyDone(dynamoDBClient(deployment), random),
    ),
    child: undefined,
  };
}

async function work(slot: Slot, options: WorkersOptions, state: State): Promise<void> {
  const { queue, random } = options;
  while (!state.stopping) {
    const { messages = [] } = await queue.ask({ ask: "receive" });
    if (messages.length === 0) {
      await sleep(30);
      continue;
    }
    const answer = await call(slot, { messages, dead: [...state.dead] }, options, state);
    const failed = (id: string) => answer === undefined || answer.failed.includes(id);
    const handles = (keep: boolean) =>
      messages.flatMap(({ id, handle }) => (failed(id) === keep ? handle : []));
    await queue.ask({ ask: "remove", handles: handles(false) });
    await queue.ask({ ask: "put back", handles: handles(true), delay: 20 + random.below(200) });
  }
}

/** Undefined: the process died, killed or not. */
async function call(
  slot: Slot,
  task: IngestTask,
  options: WorkersOptions,
  state: State,
): Promise<IngestAnswer | undefined> {
  slot.child ??= await startProcess(slot, options, state);
  const { name, process, gone } = slot.child;
  const answered = once(process, "message").catch(() => [undefined]);
  // a kill that was meant for the call before may hit now: `gone` tells, and without somebody to tell, Node would fail the test
  process.send(task, () => {});
  if (options.mayKill() && options.random.chance(KILLED)) {
    // most calls take 20 to 300 ms
    sleep(options.random.below(250)).then(() => process.kill("SIGKILL"));
    state.kills++;
  }
  const [answer] = (await Promise.race([answered, gone.then(() => [undefined])])) as [
    IngestAnswer | undefined,
  ];
  if (answer !== undefined && process.signalCode === null && !process.killed) return answer;
  await gone;
  await Promise.all([slot.s3.settled(), slot.dynamodb.settled()]);
  state.dead.push(name);
  slot.child = undefined;
  return answer;
}

async function startProcess(slot: Slot, { bundle, deployment }: WorkersOptions, state: State) {
  const name = `process${state.names++}`;
  const endpoints = { s3: slot.s3.endpoint, dynamodb: slot.dynamodb.endpoint };
  const argument = JSON.stringify({ name, deployment: { ...deployment, endpoints } });
  const process = await startChild(bundle, argument);
  return { name, process, gone: once(process, "exit") };
}
