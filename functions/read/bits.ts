/** Bits of bytes, the highest first. Reading past the end gives zeros and is told by `overrun`. */
export class Bits {
  private readonly bytes: Uint8Array;
  /** In bits. */
  position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get overrun(): boolean {
    return this.position > this.bytes.length * 8;
  }

  bit(): number {
    const byte = this.bytes[this.position >>> 3] ?? 0;
    return (byte >>> (7 - (this.position++ & 7))) & 1;
  }

  /** Up to 24 bits. */
  read(count: number): number {
    const first = this.position >>> 3;
    const { bytes } = this;
    // 32 bits from the byte in which they begin hold 24 at any offset
    const word =
      (((bytes[first] ?? 0) << 24) |
        ((bytes[first + 1] ?? 0) << 16) |
        ((bytes[first + 2] ?? 0) << 8) |
        (bytes[first + 3] ?? 0)) >>>
      0;
    const shift = 32 - (this.position & 7) - count;
    this.position += count;
    return (word >>> shift) & ((1 << count) - 1);
  }

  /** 32 or 48 bits, as one number. */
  long(count: 32 | 48): number {
    let value = 0;
    for (let i = 0; i < count; i += 16) value = value * 65_536 + this.read(16);
    return value;
  }

  toByte(): void {
    this.position = (this.position + 7) & ~7;
  }
}
