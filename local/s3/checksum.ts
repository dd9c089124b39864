import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** Algorithms of header `x-amz-checksum-<name>` that are checked here. */
export const CHECKSUMS = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const;

export type ChecksumName = (typeof CHECKSUMS)[number];

/** A running checksum; `digest` gives its bytes, big-endian, as S3 encodes them in base64. */
export interface Running {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

export function isChecksumName(name: string): name is ChecksumName {
  return (CHECKSUMS as readonly string[]).includes(name);
}

/** Starts a checksum. `crc64nvme` runs in JavaScript at some 100 MB/s, the others near memory speed but `crc32c`. */
export function startChecksum(name: ChecksumName | "md5"): Running {
  switch (name) {
    case "crc32":
      return startCrc32();
    case "crc32c":
      return startCrc32c();
    case "crc64nvme":
      return startCrc64();
    default: {
      const hash = createHash(name);
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
    }
  }
}

/** How many bytes a checksum has. */
export function checksumLength(name: ChecksumName): number {
  return { crc32: 4, crc32c: 4, crc64nvme: 8, sha1: 20, sha256: 32 }[name];
}

function startCrc32(): Running {
  let value = 0;
  return {
    update(bytes) {
      value = crc32(bytes, value);
    },
    digest: () => bigEndian(value),
  };
}

/** CRC-32C (Castagnoli), RFC 3720 appendix B.4. */
const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function startCrc32c(): Running {
  let value = 0xffffffff;
  return {
    update(bytes) {
      for (const byte of bytes) value = CRC32C_TABLE[(value ^ byte) & 0xff]! ^ (value >>> 8);
    },
    digest: () => bigEndian(~value >>> 0),
  };
}

/** CRC-64/NVME (NVM Express NVM command set 1.0, 5.2.1.3.4), reflected; kept in two halves: BigInt is too slow. */
const CRC64_HIGH = new Uint32Array(256);
const CRC64_LOW = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
  CRC64_HIGH[byte] = Number(value >> 32n);
  CRC64_LOW[byte] = Number(value & 0xffffffffn);
}

function startCrc64(): Running {
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update(bytes) {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ CRC64_LOW[index]!;
        high = (high >>> 8) ^ CRC64_HIGH[index]!;
      }
    },
    digest: () => Buffer.concat([bigEndian(~high >>> 0), bigEndian(~low >>> 0)]),
  };
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
