import { S3Error } from "./errors.ts";

const UNRESERVED = new Set(Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"));
const SLASH = 0x2f;
const HEX = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`);

/**
 * `UriEncode()` of Signature Version 4: everything but unreserved characters as %XX, upper case
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
export function uriEncode(bytes: Uint8Array, keepSlash = false): string {
  let text = "";
  for (const byte of bytes) {
    text += UNRESERVED.has(byte) || (keepSlash && byte === SLASH) ? String.fromCharCode(byte) : HEX[byte];
  }
  return text;
}

/** Keys in event notifications and with `encoding-type=url`: as in a form, slashes kept, a blank as `+`. */
export function formEncode(key: string): string {
  return uriEncode(Buffer.from(key), true).replaceAll("%20", "+");
}

/**
 * Bytes behind a percent-encoded part of a request target, given as Node hands it over (one character a byte).
 * @throws S3Error InvalidURI for a `%` without two hex digits
 */
export function uriDecode(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "%") {
      bytes[length++] = text.charCodeAt(at);
      continue;
    }
    const pair = text.slice(at + 1, at + 3);
    if (!/^[0-9A-Fa-f]{2}$/.test(pair)) throw new S3Error("InvalidURI", "Couldn't parse the specified URI.");
    bytes[length++] = Number.parseInt(pair, 16);
    at += 2;
  }
  return bytes.subarray(0, length);
}

/** @throws S3Error InvalidURI where the bytes are no UTF-8, which keys must be */
export function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const error = new S3Error("InvalidURI", "Couldn't parse the specified URI: it is not UTF-8.");
    error.cause = cause;
    throw error;
  }
}
