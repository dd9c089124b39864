import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openQueue, type Queue } from "../../local/queue.ts";
import { countWaiting } from "../../local/queue-files.ts";
import { temporaryFolder } from "./folders.ts";

/** A queue with a clock of its own: hidden for 30 s, dead after two receipts. */
async function testQueue(dir?: string) {
  const clock = { now: 1_000_000 };
  const at = dir ?? (await temporaryFolder());
  const queue = await openQueue({
    dir: at,
    visibilityTimeout: 30_000,
    maxReceiveCount: 2,
    now: () => clock.now,
  });
  return { queue, clock, dir: at };
}

async function send(queue: Queue, ...bodies: string[]): Promise<void> {
  for (const body of bodies) (await queue.send(body))();
}

async function bodies(queue: Queue, limit = 10): Promise<string[]> {
  return (await queue.receive(limit)).map((message) => message.body);
}

test("gives out the oldest first, so many as asked for, each once", async () => {
  const { queue } = await testQueue();
  await send(queue, "a", "b", "c");
  expect(await bodies(queue, 2)).toEqual(["a", "b"]);
  expect(await bodies(queue)).toEqual(["c"]);
  expect(await bodies(queue)).toEqual([]);
});

test("two receivers at once do not get the same message", async () => {
  const { queue } = await testQueue();
  await send(queue, "a", "b");
  const [first, second] = await Promise.all([bodies(queue), bodies(queue)]);
  expect([...first, ...second]).toEqual(["a", "b"]);
});

test("a message is not given out before its sender releases it", async () => {
  const { queue } = await testQueue();
  const release = await queue.send("a");
  expect(await bodies(queue)).toEqual([]);
  expect(queue.depth()).toEqual({ waiting: 0, unreleased: 1, dead: 0 });
  release();
  expect(queue.depth()).toEqual({ waiting: 1, unreleased: 0, dead: 0 });
  expect(await bodies(queue)).toEqual(["a"]);
});

test("a released message that is being worked on is not released again", async () => {
  const { queue } = await testQueue();
  const release = await queue.send("a");
  release();
  await queue.receive(1);
  release();
  expect(await bodies(queue)).toEqual([]);
  expect(queue.depth().waiting).toBe(1);
});

test("what is neither removed nor put back comes again when its visibility timeout ends", async () => {
  const { queue, clock } = await testQueue();
  await send(queue, "a");
  await queue.receive(1);
  clock.now += 29_999;
  expect(await queue.receive(1)).toEqual([]);
  expect(queue.nextVisibleAt()).toBe(clock.now + 1);
  clock.now += 1;
  expect(await queue.receive(1)).toMatchObject([{ body: "a", receiveCount: 2, firstReceivedAt: 1_000_000 }]);
});

test("a message that was put back comes after the delay", async () => {
  const { queue, clock } = await testQueue();
  await send(queue, "a");
  const [message] = await queue.receive(1);
  queue.putBack(message!.receiptHandle, 5_000);
  expect(await bodies(queue)).toEqual([]);
  clock.now += 5_000;
  expect(await bodies(queue)).toEqual(["a"]);
});

test("a removed message is gone, on disk too", async () => {
  const { queue, clock, dir } = await testQueue();
  await send(queue, "a");
  const [message] = await queue.receive(1);
  await queue.remove(message!.receiptHandle);
  clock.now += 60_000;
  expect(await bodies(queue)).toEqual([]);
  expect(await countWaiting(dir)).toBe(0);
});

test("the handle of an earlier receipt neither removes nor puts back", async () => {
  const { queue, clock } = await testQueue();
  await send(queue, "a");
  const [first] = await queue.receive(1);
  clock.now += 30_000;
  const [second] = await queue.receive(1);
  await queue.remove(first!.receiptHandle);
  queue.putBack(first!.receiptHandle, 0);
  expect(await bodies(queue)).toEqual([]);
  expect(queue.depth().waiting).toBe(1);
  await queue.remove(second!.receiptHandle);
  expect(queue.depth().waiting).toBe(0);
});

test("a message that was received as often as it may be goes to the dead letters, and comes back by redrive", async () => {
  const { queue } = await testQueue();
  await send(queue, "a", "b");
  for (const delay of [0, 60_000]) {
    const [message] = await queue.receive(1);
    // the last try is not waited for, whatever the delay
    queue.putBack(message!.receiptHandle, delay);
  }
  expect(await bodies(queue)).toEqual(["b"]);
  expect(queue.depth()).toEqual({ waiting: 1, unreleased: 0, dead: 1 });
  expect(await queue.redrive()).toBe(1);
  expect(queue.depth()).toEqual({ waiting: 2, unreleased: 0, dead: 0 });
  expect(await queue.receive(1)).toMatchObject([{ body: "a", receiveCount: 1 }]);
});

test("opened again, it has every message that was not removed, released or not, with its receive count", async () => {
  const { queue, dir, clock } = await testQueue();
  await send(queue, "a", "b");
  clock.now += 1;
  await queue.send("unreleased");
  const [a, b] = await queue.receive(2);
  await queue.remove(a!.receiptHandle);
  const again = await testQueue(dir);
  expect(await again.queue.receive(10)).toMatchObject([
    { body: "b", messageId: b!.messageId, receiveCount: 2 },
    { body: "unreleased", receiveCount: 1 },
  ]);
});

test("opened again, dead letters are still dead", async () => {
  const { queue, dir } = await testQueue();
  await send(queue, "a");
  for (let tries = 0; tries < 3; tries += 1) {
    for (const message of await queue.receive(1)) queue.putBack(message.receiptHandle, 0);
  }
  const again = await testQueue(dir);
  expect(again.queue.depth()).toEqual({ waiting: 0, unreleased: 0, dead: 1 });
  expect(await again.queue.redrive()).toBe(1);
  expect(await bodies(again.queue)).toEqual(["a"]);
});

test("what a kill left unfinished is removed; files of other names are left alone", async () => {
  const { dir } = await testQueue();
  await writeFile(join(dir, "unfinished", ".0a.tmp"), "half");
  await writeFile(join(dir, "messages", "notes.txt"), "x");
  const { queue } = await testQueue(dir);
  expect(await readdir(join(dir, "unfinished"))).toEqual([]);
  expect(await readdir(join(dir, "messages"))).toEqual(["notes.txt"]);
  expect(await bodies(queue)).toEqual([]);
});

test("a message whose file somebody removed is forgotten", async () => {
  const { queue, dir } = await testQueue();
  await send(queue, "a");
  for (const name of await readdir(join(dir, "messages"))) await rm(join(dir, "messages", name));
  expect(await bodies(queue)).toEqual([]);
  expect(queue.depth().waiting).toBe(0);
});
