/** Kinds of unread lines that are told apart; further ones count as `(others)`. */
const MOST = 64;
const OTHERS = "(others)";

/** Words that a daemon writes, without the queue id that may stand first. */
const BEGINNING = /^(?:(?=\w*\d)\w{6,24}: )?([A-Za-z][\w -]*(?:: [A-Za-z][\w -]*)*|)/;

/** Bytes of a message that name its kind. */
const PREFIX = 48;

/** Counts lines that look like a login but were not read, by what they begin with. */
export class UnreadLines {
  readonly counts = new Map<string, number>();

  /** The message `[from, to)` of a daemon. Only its beginning is kept, up to where a client's text may start. */
  add(daemon: string, bytes: Buffer, from: number, to: number): void {
    const beginning = bytes.toString("latin1", from, Math.min(to, from + PREFIX));
    const words = BEGINNING.exec(beginning)![1]!.trim();
    this.count(`${daemon}: ${words}`);
  }

  count(kind: string): void {
    const known = this.counts.get(kind);
    const name = known === undefined && this.counts.size >= MOST ? OTHERS : kind;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }
}
