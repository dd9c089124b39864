/** What a schedule needs of the world; tests give their own. */
export interface ScheduleClock {
  /** Calls back once; the returned function cancels. */
  after(milliseconds: number, call: () => void): () => void;
  /** From 0 to below 1. */
  random(): number;
}

export interface ScheduleOptions {
  everySeconds: number;
  /** Each wait is longer by up to this share of it, so that several schedules do not run in step. */
  jitter?: number;
  run: () => Promise<unknown>;
  /** Told of each run that failed; the schedule goes on. */
  onError: (error: unknown) => void;
  clock?: ScheduleClock;
}

export interface Schedule {
  /** Starts no more runs; settles when the one under way has ended. */
  stop(): Promise<void>;
}

const SYSTEM: ScheduleClock = {
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Runs at once, then again so many seconds after the last run has ended: runs never overlap. */
export function startSchedule(options: ScheduleOptions): Schedule {
  const clock = options.clock ?? SYSTEM;
  let stopped = false;
  let cancel = (): void => {};
  let current = Promise.resolve();

  const wait = (): void => {
    if (stopped) return;
    const longer = 1 + (options.jitter ?? 0) * clock.random();
    cancel = clock.after(options.everySeconds * 1000 * longer, run);
  };
  const run = (): void => {
    current = runOnce(options).then(wait);
  };

  run();
  return {
    stop: () => {
      stopped = true;
      cancel();
      return current;
    },
  };
}

async function runOnce({ run, onError }: ScheduleOptions): Promise<void> {
  try {
    await run();
  } catch (error) {
    onError(error);
  }
}
