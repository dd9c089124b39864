/**
 * An xz decompressor (The .xz File Format 1.1): streams one behind the other, blocks with the LZMA2 filter alone, all checks. What xz
 * makes of an executable (BCJ filters) is no log.
 */
import { Transform } from "node:stream";
import { crc32 } from "node:zlib";
import { History, LzmaDecoder, XzError } from "./lzma.ts";
import { type BlockCheck, createCheck } from "./xz-check.ts";

const MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const HEADER = 12;
const LZMA2 = 0x21;
/** Largest dictionary that is taken: that of `xz -9`. */
const LARGEST_DICTIONARY = 64 * 2 ** 20;
/** Most bytes of an LZMA2 chunk, unpacked. */
const CHUNK = 2 ** 21;

export function createUnxz(): Transform {
  const reader = new XzReader();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        reader.add(chunk);
        for (let part = reader.next(); part !== undefined; part = reader.next()) {
          if (part.length > 0) this.push(part);
        }
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      done(reader.isWhole ? null : new XzError("unexpected end of file"));
    },
  });
}

/** What stands next in the file. */
type State = "stream" | "block" | "chunk" | "check" | "index" | "footer" | "over";

class XzReader {
  private pending: Buffer = Buffer.alloc(0);
  private state: State = "stream";
  private streams = 0;
  private checkId = 0;
  private check: BlockCheck | undefined;
  private history: History | undefined;
  private readonly lzma = new LzmaDecoder();
  /** Bytes of the block so far, packed: it is padded to a multiple of four. */
  private packed = 0;

  add(chunk: Buffer): void {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
  }

  get isWhole(): boolean {
    return (
      this.state === "over" ||
      (this.state === "stream" && this.streams > 0 && this.pending.every((byte) => byte === 0))
    );
  }

  /** Decoded bytes, perhaps none; undefined where more of the file is needed. */
  next(): Buffer | undefined {
    switch (this.state) {
      case "stream":
        return this.streamHeader();
      case "block":
        return this.blockHeader();
      case "chunk":
        return this.chunk();
      case "check":
        return this.blockCheck();
      case "index":
        return this.index();
      case "footer":
        return this.take(HEADER) && this.go("stream");
      default:
        this.pending = Buffer.alloc(0);
        return undefined;
    }
  }

  private go(state: State): Buffer {
    if (this.state === "footer") this.streams++;
    this.state = state;
    return Buffer.alloc(0);
  }

  private take(count: number): Buffer | undefined {
    if (this.pending.length < count) return undefined;
    const taken = this.pending.subarray(0, count);
    this.pending = this.pending.subarray(count);
    return taken;
  }

  /** Zeros between streams are padding; anything else behind one is ignored, as with gzip. */
  private streamHeader(): Buffer | undefined {
    while (this.streams > 0 && this.pending.length >= 4 && this.pending.readUInt32LE(0) === 0) this.take(4);
    const header = this.take(HEADER);
    if (header === undefined) return undefined;
    const isHeader =
      header.subarray(0, 6).equals(MAGIC) && header.readUInt32LE(8) === crc32(header.subarray(6, 8));
    if (!isHeader) {
      if (this.streams === 0) throw new XzError("bad header");
      return this.go("over");
    }
    this.checkId = header[7]! & 15;
    if (createCheck(this.checkId) === undefined) throw new XzError("unknown check");
    return this.go("block");
  }

  private blockHeader(): Buffer | undefined {
    if (this.pending.length === 0) return undefined;
    if (this.pending[0] === 0) return this.go("index");
    const header = this.take((this.pending[0]! + 1) * 4);
    if (header === undefined) return undefined;
    const body = header.subarray(0, -4);
    if (header.readUInt32LE(body.length) !== crc32(body)) throw new XzError("bad block header");
    const reach = dictionaryOf(body);
    if (this.history === undefined || this.history.bytes.length < 2 * reach)
      this.history = new History(reach, CHUNK);
    this.check = createCheck(this.checkId);
    this.packed = header.length;
    return this.go("chunk");
  }

  private chunk(): Buffer | undefined {
    const { pending } = this;
    const control = pending[0];
    if (control === undefined) return undefined;
    if (control === 0) {
      this.take(1);
      this.packed++;
      return this.go("check");
    }
    const head = control < 0x80 ? 3 : control < 0xc0 ? 5 : 6;
    if (pending.length < head) return undefined;
    const size = pending.readUInt16BE(1) + 1 + (control < 0x80 ? 0 : (control & 0x1f) * 65_536);
    const whole = this.take(head + (control < 0x80 ? size : pending.readUInt16BE(3) + 1));
    if (whole === undefined) return undefined;
    this.packed += whole.length;
    return this.decoded(control, whole.subarray(0, head), whole.subarray(head), size);
  }

  private decoded(control: number, head: Buffer, packed: Buffer, size: number): Buffer {
    const { history, lzma } = this;
    if (history === undefined || (control > 2 && control < 0x80)) throw new XzError("bad chunk");
    if (control === 1 || control >= 0xe0) history.total = 0;
    if (control >= 0xc0) lzma.setProperties(head[5]!);
    if (control >= 0xa0) lzma.resetState();
    history.reserve(size);
    const from = history.position;
    if (control >= 0x80) lzma.decode(packed, history, size);
    else for (const byte of packed) history.put(byte);
    const bytes = Buffer.from(history.bytes.subarray(from, from + size));
    this.check?.add(bytes);
    return bytes;
  }

  private blockCheck(): Buffer | undefined {
    const padding = -this.packed & 3;
    const check = this.take(padding + this.check!.size);
    if (check === undefined) return undefined;
    if (!check.subarray(padding).equals(this.check!.value())) throw new XzError("wrong checksum of a block");
    return this.go("block");
  }

  /** A zero, the number of blocks, two sizes for each, padding and a checksum: told again what the blocks have told. */
  private index(): Buffer | undefined {
    const fields = new Fields(this.pending, 1);
    const count = fields.next();
    for (let i = 0; count !== undefined && i < 2 * count && fields.at < this.pending.length; i++)
      fields.next();
    if (count === undefined || fields.at > this.pending.length) return undefined;
    return this.take(((fields.at + 3) & ~3) + 4) && this.go("footer");
  }
}

/** Size of the dictionary that a block header asks for (5.3.1). */
function dictionaryOf(header: Buffer): number {
  const flags = header[1]!;
  const fields = new Fields(header, 2);
  if ((flags & 0x40) !== 0) fields.next();
  if ((flags & 0x80) !== 0) fields.next();
  if ((flags & 3) !== 0 || fields.next() !== LZMA2 || fields.next() !== 1)
    throw new XzError("filter other than LZMA2");
  const code = header[fields.at]! & 63;
  const size = (2 | (code & 1)) * 2 ** ((code >>> 1) + 11);
  if (size > LARGEST_DICTIONARY) throw new XzError("dictionary larger than 64 MiB");
  return size;
}

/** Numbers in 7 bits a byte, the lowest first (1.2). */
class Fields {
  private readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  next(): number | undefined {
    let value = 0;
    for (let i = 0; i < 9; i++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw new XzError("bad number");
  }
}
