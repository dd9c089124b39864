import type { AddressBook } from "./address-book.ts";
import { captured, FORWARDED, IP, LIP, SESSION, textCaptured } from "./captured.ts";
import type { Address } from "./event.ts";
import { clientOf, clientOfHeaders } from "./forwarded.ts";
import { LastText } from "./last-text.ts";
import { Proxies } from "./proxies.ts";
import { Sessions } from "./sessions.ts";

/** In place of a client's number: it is not known, or hidden by a proxy of ours. */
export const NOBODY = -1;
export const HIDDEN = -2;

/** Tells who a line that a shape has captured is about: numbers of the address book. */
export class Clients {
  private readonly addresses: AddressBook;
  private readonly isTrustedProxy: (address: Address) => boolean;
  private readonly proxies: Proxies;
  private readonly sessions = new Sessions<number>();
  private readonly lastLocal = new LastText();

  constructor(addresses: AddressBook, isTrustedProxy: ((address: Address) => boolean) | undefined) {
    this.addresses = addresses;
    this.isTrustedProxy = isTrustedProxy ?? (() => false);
    this.proxies = new Proxies(addresses, isTrustedProxy);
  }

  /** The client: behind a trusted proxy the one that it names. */
  clientIn(bytes: Buffer): number {
    const from = captured[IP]!;
    if (from < 0) return this.sessions.peerOf(textCaptured(bytes, SESSION)) ?? NOBODY;
    const peer = this.addresses.numberIn(bytes, from, captured[IP + 1]!);
    if (peer < 0) return this.numberOf(clientOf(textCaptured(bytes, IP), this.isTrustedProxy));
    if (!this.proxies.has(peer)) return peer;
    if (captured[FORWARDED]! < 0) return HIDDEN;
    const client = this.numberOf(clientOfHeaders(textCaptured(bytes, FORWARDED), this.isTrustedProxy));
    return client === NOBODY ? HIDDEN : client;
  }

  /** The client of that address; negative where that is a proxy's, or none. */
  peerAt(bytes: Buffer, from: number, to: number): number {
    const peer = this.addresses.numberIn(bytes, from, to);
    return peer < 0 || this.proxies.has(peer) ? NOBODY : peer;
  }

  /** Notes who has opened the session that the line names. */
  openSession(bytes: Buffer, client: number): void {
    if (client !== NOBODY) this.sessions.open(textCaptured(bytes, SESSION), client);
  }

  /** The server's own address; -1 where the line does not name it. */
  localIn(bytes: Buffer): number {
    const from = captured[LIP]!;
    const to = captured[LIP + 1]!;
    if (from < 0) return -1;
    const { lastLocal } = this;
    if (!lastLocal.is(bytes, from, to))
      lastLocal.remember(bytes, from, to, this.addresses.numberIn(bytes, from, to));
    return lastLocal.value;
  }

  private numberOf(address: Address | undefined): number {
    return address === undefined ? NOBODY : this.addresses.numberOf(address);
  }
}
