/** Runs jobs of one name one after the other, in the order in which they come. */
export type InTurn = <Result>(name: string, job: () => Promise<Result>) => Promise<Result>;

export function turns(): InTurn {
  const last = new Map<string, Promise<void>>();
  return (name, job) => {
    const done = (last.get(name) ?? Promise.resolve()).then(job);
    // that it failed is for who asked for it
    last.set(name, done.then(ignore, ignore));
    return done;
  };
}

function ignore(): void {}
