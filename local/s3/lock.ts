/** Who holds or waits for which name; the last in the queue. */
export type Locks = Map<string, Promise<unknown>>;

/** Runs one at a time per name, in order of arrival. */
export async function locked<T>(locks: Locks, name: string, run: () => Promise<T>): Promise<T> {
  const before = locks.get(name) ?? Promise.resolve();
  const mine = before.then(run, run);
  const settled = mine.catch(() => undefined);
  locks.set(name, settled);
  try {
    return await mine;
  } finally {
    if (locks.get(name) === settled) locks.delete(name);
  }
}
