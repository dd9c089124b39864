import { expect, test } from "vitest";
import { type ScheduleOptions, startSchedule } from "../../local/schedule.ts";

/** A schedule whose waits end when the test says so. */
function testSchedule(options: Partial<ScheduleOptions>) {
  const waits: { milliseconds: number; end: () => void }[] = [];
  const errors: unknown[] = [];
  const schedule = startSchedule({
    everySeconds: 60,
    run: async () => {},
    onError: (error) => errors.push(error),
    clock: {
      after: (milliseconds, end) => {
        const wait = { milliseconds, end };
        waits.push(wait);
        return () => void waits.splice(waits.indexOf(wait), 1);
      },
      random: () => 0.5,
    },
    ...options,
  });
  return { schedule, waits, errors };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("runs at once, then again after each wait, longer by the jitter", async () => {
  const runs: string[] = [];
  const { waits } = testSchedule({ jitter: 0.1, run: async () => void runs.push("run") });
  expect(runs).toHaveLength(1);
  await settle();
  expect(waits.map((wait) => wait.milliseconds)).toEqual([63_000]);
  waits.shift()!.end();
  expect(runs).toHaveLength(2);
});

test("does not begin to wait before the run has ended, so runs never overlap", async () => {
  const running = Promise.withResolvers<void>();
  const { waits } = testSchedule({ run: () => running.promise });
  await settle();
  expect(waits).toEqual([]);
  running.resolve();
  await settle();
  expect(waits).toHaveLength(1);
});

test("goes on after a run that failed, and tells of it", async () => {
  const { waits, errors } = testSchedule({
    run: async () => {
      throw new Error("no list");
    },
  });
  await settle();
  expect(errors).toEqual([new Error("no list")]);
  expect(waits).toHaveLength(1);
});

test("stopped while waiting: never runs again", async () => {
  const { schedule, waits } = testSchedule({});
  await settle();
  await schedule.stop();
  expect(waits).toEqual([]);
});

test("stopped during a run: settles when it has ended, and does not wait for another", async () => {
  const running = Promise.withResolvers<void>();
  const { schedule, waits } = testSchedule({ run: () => running.promise });
  let stopped = false;
  const stopping = schedule.stop().then(() => {
    stopped = true;
  });
  await settle();
  expect(stopped).toBe(false);
  running.resolve();
  await stopping;
  expect(waits).toEqual([]);
});
