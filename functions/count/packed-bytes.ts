/** Bytes that are written or read one behind the other. Numbers of 32 bits are LEB128: 7 bits a byte, the lowest first. */
export class PackedBytes {
  bytes: Uint8Array<ArrayBuffer>;
  at = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
  }

  putByte(byte: number): void {
    this.bytes[this.at++] = byte;
  }

  put(number: number): void {
    let rest = number;
    while (rest > 0x7f) {
      this.bytes[this.at++] = rest | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.at++] = rest;
  }

  takeByte(): number {
    return this.bytes[this.at++]!;
  }

  take(): number {
    let byte = this.bytes[this.at++]!;
    if (byte < 0x80) return byte;
    let number = byte & 0x7f;
    for (let bits = 7; byte >= 0x80; bits += 7) {
      byte = this.bytes[this.at++]!;
      number |= (byte & 0x7f) << bits;
    }
    return number >>> 0;
  }
}
