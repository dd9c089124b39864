export interface StateSpace<State> {
  start: State;
  successors: (state: State) => State[];
  isEnd: (state: State) => boolean;
  /** Throws where a state breaks a promise. */
  check: (state: State) => void;
}

const MOST_STATES = 3_000_000;

/**
 * Visits every state that can be reached. Throws on the first that breaks a promise, and where a state is left from which
 * no end can be reached: it would block, or go round for ever.
 */
export function explore<State>(space: StateSpace<State>): { states: number; ends: number } {
  const ids = new Map<string, number>();
  const todo: [number, State][] = [];
  const [from, to, ends]: [number[], number[], number[]] = [[], [], []];
  const visit = (state: State): number => {
    const key = JSON.stringify(state);
    const known = ids.get(key);
    if (known !== undefined) return known;
    if (ids.size === MOST_STATES) throw new Error(`more states than expected: ${key}`);
    ids.set(key, ids.size);
    todo.push([ids.size - 1, state]);
    return ids.size - 1;
  };
  visit(space.start);
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [id, state] = next;
    space.check(state);
    if (space.isEnd(state)) ends.push(id);
    for (const successor of space.successors(state)) {
      from.push(id);
      to.push(visit(successor));
    }
  }
  const stuck = firstStuck(ids.size, from, to, ends);
  if (stuck >= 0) throw new Error(`never ends: ${[...ids.keys()][stuck]}`);
  return { states: ids.size, ends: ends.length };
}

/** The first state from which no end is reached: the edges gone backwards from the ends. */
function firstStuck(states: number, from: number[], to: number[], ends: number[]): number {
  const first = new Int32Array(states).fill(-1);
  const next = new Int32Array(from.length);
  for (let edge = 0; edge < from.length; edge++) {
    next[edge] = first[to[edge]!]!;
    first[to[edge]!] = edge;
  }
  const reached = new Uint8Array(states);
  for (const end of ends) reached[end] = 1;
  const todo = [...ends];
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    for (let edge = first[state]!; edge >= 0; edge = next[edge]!) {
      if (reached[from[edge]!] === 1) continue;
      reached[from[edge]!] = 1;
      todo.push(from[edge]!);
    }
  }
  return reached.indexOf(0);
}
