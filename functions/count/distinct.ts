/** By number: the turn in which it was seen last. One array for all turns: a set for each would be garbage. */
let seen = new Uint32Array(1024);
let turn = 0;

/** Begins to tell different numbers apart: from then on `isNew` knows of no number. */
export function beginDistinct(): void {
  turn++;
}

/** Whether the number comes for the first time since `beginDistinct`. */
export function isNew(number: number): boolean {
  if (number >= seen.length) {
    const larger = new Uint32Array(2 * number);
    larger.set(seen);
    seen = larger;
  }
  if (seen[number] === turn) return false;
  seen[number] = turn;
  return true;
}
