/**
 * Internet addresses, strict and canonical: the one place that turns text into an `Address`.
 * IPv4 is four decimal numbers without leading zeros (RFC 6943, 3.1.1 tells what the loose forms break);
 * IPv6 is RFC 4291, 2.2 on reading and RFC 5952 on writing. Linear time, bounded length, no regular expression.
 */
import type { Address } from "./event.ts";

/** Longest address text: an IPv6 one with a dotted tail (45) and a zone (`%` and an interface name of 15). */
const MAX_ADDRESS_LENGTH = 61;

/** An address as a number, for ranges and prefixes. */
export interface AddressValue {
  family: 4 | 6;
  /** 32 bits for IPv4, 128 for IPv6. */
  value: bigint;
}

const DOT = 0x2e;
const COLON = 0x3a;
const PERCENT = 0x25;
const ZERO = 0x30;

/** Reused by every call: parsing makes no garbage but its result. */
const groups = new Uint16Array(8);
const scratch = new Uint8Array(MAX_ADDRESS_LENGTH);

/**
 * Canonical text of an address, or undefined where the text is none. An IPv4-mapped IPv6 address becomes
 * the IPv4 one. A zone is accepted, and dropped, on link-local addresses only: `getnameinfo` writes it
 * there (`fe80::1%eth0`) and nowhere else, so elsewhere it is not an address that a daemon wrote.
 */
export function parseAddress(text: string): Address | undefined {
  return copyToScratch(text) ? readAddress(scratch, 0, text.length) : undefined;
}

/** The same for bytes `[start, end)` of a log line. */
export function readAddress(bytes: Uint8Array, start: number, end: number): Address | undefined {
  if (end - start > MAX_ADDRESS_LENGTH || end - start < 2) return undefined;
  const v4 = readIpv4(bytes, start, end);
  if (v4 >= 0) return formatIpv4(v4);
  if (!readIpv6(bytes, start, end)) return undefined;
  return isMapped() ? formatIpv4(groups[6]! * 0x10000 + groups[7]!) : formatIpv6();
}

/** The number of a canonical address. Throws `NotAnAddress` on anything else. */
export function addressValue(address: Address): AddressValue {
  if (!copyToScratch(address)) throw new NotAnAddress(address);
  // IPv4 text that reads is canonical
  const v4 = readIpv4(scratch, 0, address.length);
  if (v4 >= 0) return { family: 4, value: BigInt(v4) };
  const isCanonical = readIpv6(scratch, 0, address.length) && !isMapped() && formatIpv6() === address;
  if (!isCanonical) throw new NotAnAddress(address);
  for (let i = 0; i < 8; i++) wide.setUint16(2 * i, groups[i]!);
  return { family: 6, value: (wide.getBigUint64(0) << 64n) | wide.getBigUint64(8) };
}

/** An IPv4 address as 32 bits, -1 for any other text. As a number: a big one is an object. */
export function ipv4Value(address: Address): number {
  if (address.length > MAX_ADDRESS_LENGTH) return -1;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    // an IPv6 address is told by its first letter or colon
    if (code >= COLON) return -1;
    scratch[i] = code;
  }
  return readIpv4(scratch, 0, address.length);
}

/** The eight groups as two big numbers: shifting them in one by one makes sixteen. */
const wide = new DataView(new ArrayBuffer(16));

/** The canonical address of a number; the inverse of `addressValue` but that mapped IPv6 becomes IPv4. */
export function addressOf({ family, value }: AddressValue): Address {
  if (value < 0n || value >> (family === 4 ? 32n : 128n)) throw new NotAnAddress(`IPv${family} ${value}`);
  if (family === 4) return formatIpv4(Number(value));
  wide.setBigUint64(0, value >> 64n);
  wide.setBigUint64(8, BigInt.asUintN(64, value));
  for (let i = 0; i < 8; i++) groups[i] = wide.getUint16(2 * i);
  return isMapped() ? formatIpv4(groups[6]! * 0x10000 + groups[7]!) : formatIpv6();
}

/** Thrown where a canonical address was promised and something else came. */
export class NotAnAddress extends Error {
  override name = "NotAnAddress";
  constructor(text: string) {
    super(`${JSON.stringify(text)} is not a canonical address: write 192.0.2.7 or 2001:db8::7`);
  }
}

/** False where the text is too long or not ASCII. */
function copyToScratch(text: string): boolean {
  if (text.length > MAX_ADDRESS_LENGTH) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return false;
    scratch[i] = code;
  }
  return true;
}

/** The 32-bit number of `a.b.c.d` in bytes `[start, end)`, or -1 where that is none. */
export function readIpv4(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 7 || end - start > 15) return -1;
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === DOT) {
      if (digits === 0 || ++dots > 3) return -1;
      value = value * 256 + octet;
      octet = digits = 0;
      continue;
    }
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9 || (digits > 0 && octet === 0)) return -1;
    octet = octet * 10 + digit;
    digits++;
    if (octet > 255) return -1;
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : -1;
}

/** Fills `groups` from an IPv6 address; false where the text is none. */
function readIpv6(bytes: Uint8Array, start: number, end: number): boolean {
  const zone = bytes.subarray(start, end).indexOf(PERCENT);
  const stop = zone < 0 ? end : start + zone;
  if (zone >= 0 && !isZone(bytes, stop + 1, end)) return false;
  const count = readGroups(bytes, start, stop);
  return count === 8 && (zone < 0 || (groups[0]! & 0xffc0) === 0xfe80);
}

/** Number of groups after `::` was spread out, 8 where all is well. */
function readGroups(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  let gap = -1;
  let at = start;
  if (bytes[at] === COLON) {
    if (bytes[at + 1] !== COLON) return -1;
    gap = 0;
    at += 2;
  }
  while (at < end) {
    if (count === 8) return -1;
    const stop = groupEnd(bytes, at, end);
    if (stop < end && bytes[stop] === DOT) {
      const v4 = count <= 6 ? readIpv4(bytes, at, end) : -1;
      if (v4 < 0) return -1;
      groups[count++] = v4 >>> 16;
      groups[count++] = v4 & 0xffff;
      break;
    }
    if (stop === at || stop - at > 4) return -1;
    groups[count++] = hexValue(bytes, at, stop);
    if (stop === end) break;
    if (bytes[stop] !== COLON || stop + 1 === end) return -1;
    at = stop + 1;
    if (bytes[at] !== COLON) continue;
    if (gap >= 0) return -1;
    gap = count;
    at++;
  }
  return gap < 0 ? count : spread(gap, count);
}

/** Moves the groups after `::` to the end; `::` stands for at least one group. */
function spread(gap: number, count: number): number {
  if (count === 8) return -1;
  groups.copyWithin(8 - (count - gap), gap, count);
  groups.fill(0, gap, 8 - (count - gap));
  return 8;
}

function groupEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && at - start <= 4 && hexDigit(bytes[at]!) >= 0) at++;
  return at;
}

function hexValue(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 16 + hexDigit(bytes[i]!);
  return value;
}

function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= 0x39) return byte - ZERO;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** An interface name as Linux takes it: 1 to 15 bytes. */
function isZone(bytes: Uint8Array, start: number, end: number): boolean {
  if (start >= end || end - start > 15) return false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    const letter = byte | 0x20;
    const wordly = (letter >= 0x61 && letter <= 0x7a) || (byte >= ZERO && byte <= 0x39);
    if (!wordly && byte !== 0x2d && byte !== DOT && byte !== 0x5f) return false;
  }
  return true;
}

/** ::ffff:0:0/96, RFC 4291, 2.5.5.2. */
function isMapped(): boolean {
  return groups[5] === 0xffff && groups.subarray(0, 5).every((group) => group === 0);
}

/** The text of a 32-bit number. */
export function formatIpv4(value: number): Address {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** RFC 5952, 4: lower case, no leading zeros, the first longest run of at least two zero groups as `::`. */
function formatIpv6(): Address {
  let from = -1;
  let longest = 1;
  for (let i = 0, run = 0; i < 8; i++) {
    run = groups[i] === 0 ? run + 1 : 0;
    if (run <= longest) continue;
    longest = run;
    from = i - run + 1;
  }
  let text = "";
  for (let i = 0; i < 8; i++) {
    if (i === from) {
      text += "::";
      i += longest - 1;
    } else text += i === 0 || i === from + longest ? groups[i]!.toString(16) : `:${groups[i]!.toString(16)}`;
  }
  return text;
}
