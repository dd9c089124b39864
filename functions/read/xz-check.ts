import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Crc64 } from "./crc64.ts";

/** A block's check, by the id in the stream's flags (The .xz File Format, 2.1.1.2). */
export interface BlockCheck {
  size: number;
  add(bytes: Uint8Array): void;
  value(): Buffer;
}

/** Undefined for an id that is only reserved. */
export function createCheck(id: number): BlockCheck | undefined {
  switch (id) {
    case 0:
      return { size: 0, add: () => {}, value: () => Buffer.alloc(0) };
    case 1:
      return createCrc32();
    case 4: {
      const crc = new Crc64();
      return { size: 8, add: (bytes) => crc.add(bytes), value: () => crc.value() };
    }
    case 10: {
      const hash = createHash("sha256");
      return { size: 32, add: (bytes) => void hash.update(bytes), value: () => hash.digest() };
    }
    default:
      return undefined;
  }
}

function createCrc32(): BlockCheck {
  let crc = 0;
  return {
    size: 4,
    add: (bytes) => {
      crc = crc32(bytes, crc);
    },
    value: () => {
      const value = Buffer.alloc(4);
      value.writeUInt32LE(crc);
      return value;
    },
  };
}
