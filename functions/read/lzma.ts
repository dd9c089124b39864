/**
 * The LZMA decoder of LZMA2 chunks, after the specification in the LZMA SDK (lzma-specification.txt) and xz's
 * xz-file-format. A chunk is decoded whole: it has at most 64 KiB packed and 2 MiB unpacked.
 */

/** Damage in an xz file; the code tells it from errors of the source. */
export class XzError extends Error {
  override name = "XzError";
  readonly code = "XZ_DATA_ERROR";
}

const STATES = 12;
const POSITIONS = 16;
const HALF = 1024;

/** Where each kind of probability begins in one array. */
const IS_MATCH = 0;
const IS_REP = IS_MATCH + STATES * POSITIONS;
const IS_REP0 = IS_REP + STATES;
const IS_REP1 = IS_REP0 + STATES;
const IS_REP2 = IS_REP1 + STATES;
const IS_REP0_LONG = IS_REP2 + STATES;
const SLOT = IS_REP0_LONG + STATES * POSITIONS;
const SPECIAL = SLOT + 4 * 64;
const ALIGN = SPECIAL + 128;
const LENGTH = ALIGN + 16;
/** Of a length: two choices, 16 times 8 low and middle ones each, 256 high ones. */
const LOW = 2;
const MIDDLE = LOW + POSITIONS * 8;
const HIGH = MIDDLE + POSITIONS * 8;
const REP_LENGTH = LENGTH + HIGH + 256;
const LITERAL = REP_LENGTH + HIGH + 256;

/** What was decoded last, as far back as matches may reach; grows to the right and is moved back when full. */
export class History {
  readonly bytes: Uint8Array;
  readonly reach: number;
  position = 0;
  /** Bytes since the dictionary was reset. */
  total = 0;

  constructor(reach: number, chunk: number) {
    this.reach = reach;
    this.bytes = new Uint8Array(reach + Math.max(reach / 4, 2 * chunk));
  }

  /** How far back a match may reach. */
  get available(): number {
    return Math.min(this.total, this.reach);
  }

  /** Makes room for so many bytes more. */
  reserve(count: number): void {
    if (this.position + count <= this.bytes.length) return;
    const kept = this.available;
    this.bytes.copyWithin(0, this.position - kept, this.position);
    this.position = kept;
  }

  put(byte: number): void {
    this.bytes[this.position++] = byte;
    this.total++;
  }
}

export class LzmaDecoder {
  private probabilities = new Uint16Array(0);
  private literalBits = 0;
  private literalPositionMask = 0;
  private positionMask = 0;
  private state = 0;
  /** The last four distances, less one; the latest first. */
  private readonly reps = new Float64Array(4);
  // the range decoder
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private range = 0;
  private code = 0;

  /** Properties of what follows: `(pb * 5 + lp) * 9 + lc`. */
  setProperties(byte: number): void {
    const lc = byte % 9;
    const lp = Math.floor(byte / 9) % 5;
    const pb = Math.floor(byte / 45);
    if (pb > 4 || lc + lp > 4) throw new XzError("bad properties");
    this.literalBits = lc;
    this.literalPositionMask = (1 << lp) - 1;
    this.positionMask = (1 << pb) - 1;
    this.probabilities = new Uint16Array(LITERAL + (0x300 << (lc + lp)));
  }

  resetState(): void {
    this.probabilities.fill(HALF);
    this.state = 0;
    this.reps.fill(0);
  }

  /** Decodes a chunk of `size` bytes into `history`. */
  decode(packed: Uint8Array, history: History, size: number): void {
    if (this.probabilities.length === 0) throw new XzError("no properties before the first chunk");
    this.begin(packed);
    history.reserve(size);
    const end = history.position + size;
    while (history.position < end) this.symbol(history, end);
    if (this.at > packed.length) throw new XzError("unexpected end of a chunk");
  }

  private begin(packed: Uint8Array): void {
    if (packed.length < 5 || packed[0] !== 0) throw new XzError("bad chunk");
    this.bytes = packed;
    this.range = 0xffffffff;
    this.code = ((packed[1]! << 24) | (packed[2]! << 16) | (packed[3]! << 8) | packed[4]!) >>> 0;
    this.at = 5;
  }

  private symbol(history: History, end: number): void {
    const position = history.total & this.positionMask;
    if (this.bit(IS_MATCH + this.state * POSITIONS + position) === 0) {
      this.literal(history);
      return;
    }
    let length: number;
    if (this.bit(IS_REP + this.state) === 0) {
      for (let i = 3; i > 0; i--) this.reps[i] = this.reps[i - 1]!;
      length = this.length(LENGTH, position);
      this.state = this.state < 7 ? 7 : 10;
      this.reps[0] = this.distance(length);
    } else {
      length = this.repeated(position);
    }
    this.copy(history, length, end);
  }

  private literal(history: History): void {
    const { bytes, position, total } = history;
    const before = total > 0 ? bytes[position - 1]! : 0;
    const place = total & this.literalPositionMask;
    const table = LITERAL + 0x300 * ((place << this.literalBits) + (before >>> (8 - this.literalBits)));
    let symbol = 1;
    if (this.state >= 7) {
      let match = bytes[position - this.reps[0]! - 1] ?? 0;
      while (symbol < 0x100) {
        const expected = (match >>> 7) & 1;
        match <<= 1;
        const bit = this.bit(table + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (expected !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.bit(table + symbol);
    history.put(symbol);
    this.state = this.state < 4 ? 0 : this.state < 10 ? this.state - 3 : this.state - 6;
  }

  private repeated(position: number): number {
    const { reps } = this;
    if (this.bit(IS_REP0 + this.state) === 0) {
      if (this.bit(IS_REP0_LONG + this.state * POSITIONS + position) === 0) {
        this.state = this.state < 7 ? 9 : 11;
        return 1;
      }
    } else {
      const which = this.bit(IS_REP1 + this.state) === 0 ? 1 : this.bit(IS_REP2 + this.state) === 0 ? 2 : 3;
      const distance = reps[which]!;
      for (let i = which; i > 0; i--) reps[i] = reps[i - 1]!;
      reps[0] = distance;
    }
    const length = this.length(REP_LENGTH, position);
    this.state = this.state < 7 ? 8 : 11;
    return length;
  }

  private copy(history: History, length: number, end: number): void {
    const distance = this.reps[0]! + 1;
    if (distance > history.available || history.position + length > end) throw new XzError("bad match");
    for (let i = 0; i < length; i++) history.put(history.bytes[history.position - distance]!);
  }

  private length(table: number, position: number): number {
    if (this.bit(table) === 0) return 2 + this.tree(table + LOW + position * 8, 3);
    if (this.bit(table + 1) === 0) return 10 + this.tree(table + MIDDLE + position * 8, 3);
    return 18 + this.tree(table + HIGH, 8);
  }

  private distance(length: number): number {
    const slot = this.tree(SLOT + Math.min(length - 2, 3) * 64, 6);
    if (slot < 4) return slot;
    const direct = (slot >>> 1) - 1;
    const distance = (2 | (slot & 1)) * 2 ** direct;
    if (slot < 14) return distance + this.reverse(SPECIAL + distance - slot, direct);
    return distance + this.direct(direct - 4) * 16 + this.reverse(ALIGN, 4);
  }

  private tree(table: number, bits: number): number {
    let symbol = 1;
    for (let i = 0; i < bits; i++) symbol = (symbol << 1) | this.bit(table + symbol);
    return symbol - (1 << bits);
  }

  private reverse(table: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(table + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  private direct(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      this.range >>>= 1;
      const bit = this.code >= this.range ? 1 : 0;
      if (bit === 1) this.code -= this.range;
      value = value * 2 + bit;
      this.normalise();
    }
    return value;
  }

  private bit(index: number): number {
    const probability = this.probabilities[index]!;
    const bound = (this.range >>> 11) * probability;
    if (this.code < bound) {
      this.range = bound;
      this.probabilities[index] = probability + ((2048 - probability) >>> 5);
      this.normalise();
      return 0;
    }
    this.range -= bound;
    this.code -= bound;
    this.probabilities[index] = probability - (probability >>> 5);
    this.normalise();
    return 1;
  }

  private normalise(): void {
    if (this.range >= 0x1000000) return;
    this.range = (this.range << 8) >>> 0;
    this.code = ((this.code << 8) | (this.bytes[this.at++] ?? 0)) >>> 0;
  }
}
