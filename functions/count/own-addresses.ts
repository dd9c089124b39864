/** A host that lies must not protect the Internet. */
export const MOST_OWN = 16;

/** Numbers of the host's own addresses, the first 16 that its lines name. */
export class OwnAddresses {
  readonly numbers: number[] = [];
  private last = -1;

  /** @param number -1 where the line names none */
  note(number: number): void {
    if (number === this.last) return;
    this.last = number;
    if (number >= 0 && this.numbers.length < MOST_OWN && !this.numbers.includes(number))
      this.numbers.push(number);
  }
}
