import { readAddress, readIpv4 } from "./address.ts";
import { BytesCache } from "./bytes-cache.ts";
import type { Address } from "./event.ts";

/** What was made of an address in a line. */
export interface Peer {
  address: Address;
  /** One of ours that stands before the daemon. */
  proxy: boolean;
}

/** Slots for IPv4 addresses, 2 to the power of this, and for others: a host's busiest day has fewer. */
const IPV4_BITS = 16;
const OTHER_SLOTS = 4096;

/** Turns addresses in lines to `Address`, each of them once. */
export class Peers {
  private readonly isTrustedProxy: (address: Address) => boolean;
  private readonly numbers = new Float64Array(1 << IPV4_BITS).fill(-1);
  private readonly ipv4: (Peer | undefined)[] = new Array(1 << IPV4_BITS).fill(undefined);
  private readonly others: BytesCache<Peer | undefined>;

  constructor(isTrustedProxy: (address: Address) => boolean) {
    this.isTrustedProxy = isTrustedProxy;
    this.others = new BytesCache(OTHER_SLOTS, (bytes, from, to) => this.make(bytes, from, to));
  }

  /** Undefined where bytes `[from, to)` are no address. */
  get(bytes: Buffer, from: number, to: number): Peer | undefined {
    const number = readIpv4(bytes, from, to);
    if (number < 0) return this.others.get(bytes, from, to);
    const slot = Math.imul(number, 0x9e3779b1) >>> (32 - IPV4_BITS);
    if (this.numbers[slot] !== number) {
      this.ipv4[slot] = this.make(bytes, from, to);
      this.numbers[slot] = number;
    }
    return this.ipv4[slot];
  }

  private make(bytes: Buffer, from: number, to: number): Peer | undefined {
    const address = readAddress(bytes, from, to);
    return address === undefined ? undefined : { address, proxy: this.isTrustedProxy(address) };
  }
}
