/** CRC-64 (ECMA-182, reflected) in two halves, since JavaScript's integers have 32 bits: what xz checks blocks with. */
const LOW = new Int32Array(256);
const HIGH = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let low = byte;
  let high = 0;
  for (let i = 0; i < 8; i++) {
    const odd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (odd === 1) {
      low ^= 0xd7870f42;
      high ^= 0xc96c5795;
    }
  }
  LOW[byte] = low;
  HIGH[byte] = high;
}

export class Crc64 {
  private low = -1;
  private high = -1;

  add(bytes: Uint8Array): void {
    let { low, high } = this;
    for (const byte of bytes) {
      const index = (low ^ byte) & 255;
      low = ((low >>> 8) | (high << 24)) ^ LOW[index]!;
      high = (high >>> 8) ^ HIGH[index]!;
    }
    this.low = low;
    this.high = high;
  }

  /** Eight bytes, the lowest first. */
  value(): Buffer {
    const value = Buffer.alloc(8);
    value.writeInt32LE(~this.low, 0);
    value.writeInt32LE(~this.high, 4);
    return value;
  }
}
