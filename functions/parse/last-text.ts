/** Longest text that is remembered: an address, a minute. */
const LONGEST = 61;

/** Remembers what the last text was read as: most lines name the same minute and the same server as the one before. */
export class LastText {
  value = 0;
  private readonly text = new Uint8Array(LONGEST);
  private length = -1;

  /** Whether `[from, to)` is the text that is remembered. */
  is(bytes: Uint8Array, from: number, to: number): boolean {
    const { text, length } = this;
    if (to - from !== length) return false;
    for (let i = length - 1; i >= 0; i--) if (bytes[from + i] !== text[i]) return false;
    return true;
  }

  /** Writes what is remembered to `at`; gives its length, -1 for nothing. */
  copyTo(bytes: Uint8Array, at: number): number {
    for (let i = 0; i < this.length; i++) bytes[at + i] = this.text[i]!;
    return this.length;
  }

  remember(bytes: Uint8Array, from: number, to: number, value: number): void {
    this.value = value;
    this.length = to - from > LONGEST ? -1 : to - from;
    for (let i = 0; i < this.length; i++) this.text[i] = bytes[from + i]!;
  }
}
