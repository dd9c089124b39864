/** Tells different numbers apart, again and again: a set for each time would be garbage. */
export class Distinct {
  /** By number: the turn in which it was seen last. */
  private seen = new Uint32Array(1024);
  private turn = 0;

  /** From then on no number has been seen. */
  begin(): void {
    this.turn++;
  }

  /** Whether the number comes for the first time since `begin`. */
  isNew(number: number): boolean {
    if (number >= this.seen.length) {
      const larger = new Uint32Array(2 * number);
      larger.set(this.seen);
      this.seen = larger;
    }
    if (this.seen[number] === this.turn) return false;
    this.seen[number] = this.turn;
    return true;
  }
}
