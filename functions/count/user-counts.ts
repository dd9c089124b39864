/** Counts by users' numbers, again and again: a map for each time would be garbage. */
export class UserCounts {
  /** The users that were counted since `begin`, in the order in which they came. */
  users: number[] = [];
  /** By number: the turn in which it was counted last, and its count. */
  private turns = new Uint32Array(1024);
  private counts = new Float64Array(1024);
  private turn = 0;

  /** From then on nobody has been counted. */
  begin(): void {
    this.turn++;
    this.users = [];
  }

  add(user: number, count: number): void {
    if (this.turns[user] === this.turn) this.counts[user]! += count;
    else this.set(user, count);
  }

  set(user: number, count: number): void {
    if (user >= this.turns.length) this.grow(user);
    if (this.turns[user] !== this.turn) this.users.push(user);
    this.turns[user] = this.turn;
    this.counts[user] = count;
  }

  of(user: number): number {
    return this.turns[user] === this.turn ? this.counts[user]! : 0;
  }

  private grow(user: number): void {
    const turns = new Uint32Array(2 * user);
    turns.set(this.turns);
    this.turns = turns;
    const counts = new Float64Array(2 * user);
    counts.set(this.counts);
    this.counts = counts;
  }
}
