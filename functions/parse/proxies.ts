import type { AddressBook } from "./address-book.ts";
import type { Address } from "./event.ts";

/** What is known of an address. */
const UNKNOWN = 0;
const CLIENT = 1;
const PROXY = 2;

/** Tells proxies of ours from clients, asking once for each address. */
export class Proxies {
  private readonly addresses: AddressBook;
  private readonly isTrustedProxy: ((address: Address) => boolean) | undefined;
  private known = new Uint8Array(1024);

  constructor(addresses: AddressBook, isTrustedProxy: ((address: Address) => boolean) | undefined) {
    this.addresses = addresses;
    this.isTrustedProxy = isTrustedProxy;
  }

  /** Whether the address of that number is one of ours that stands before the daemon. */
  has(number: number): boolean {
    if (this.isTrustedProxy === undefined) return false;
    if (number >= this.known.length) this.grow(number);
    if (this.known[number] === UNKNOWN) {
      this.known[number] = this.isTrustedProxy(this.addresses.addressOf(number)) ? PROXY : CLIENT;
    }
    return this.known[number] === PROXY;
  }

  private grow(number: number): void {
    const known = new Uint8Array(Math.max(this.known.length * 2, number + 1));
    known.set(this.known);
    this.known = known;
  }
}
