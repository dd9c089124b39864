import { digits } from "./digits.ts";
import type { Envelope } from "./envelope.ts";
import { startsWith } from "./places.ts";

const REPEATED = Buffer.from("message repeated ");
const TIMES = Buffer.from(" times: [");
const ID = Buffer.from("[ID ");

const SPACE = 0x20;
const CLOSE = 0x5d;

/** Longest `[ID 197553 mail.info]`. */
const LONGEST_ID = 40;

/** Takes off what a syslogd has put before a message. */
export function takePrefix(envelope: Envelope): void {
  const first = envelope.bytes[envelope.from];
  if (first === ID[0]) takeId(envelope);
  else if (first === REPEATED[0]) takeRepeated(envelope);
}

/** `[ID 197553 mail.info] message`: Solaris's syslogd (log(7D), msgid). */
function takeId(envelope: Envelope): void {
  const { bytes, from, to } = envelope;
  if (!startsWith(bytes, from, to, ID)) return;
  let at = from + ID.length;
  const limit = Math.min(to - 1, from + LONGEST_ID);
  while (at < limit && isOfId(bytes[at]!)) at++;
  if (at < limit && bytes[at] === CLOSE && bytes[at + 1] === SPACE) envelope.from = at + 2;
}

function isOfId(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x2e || byte === SPACE;
}

/** `message repeated 3 times: [ message]`: rsyslog's reduction of repeated messages; some inputs have no space before the message. */
function takeRepeated(envelope: Envelope): void {
  const { bytes, from, to } = envelope;
  if (to - from < 30 || bytes[to - 1] !== CLOSE || !startsWith(bytes, from, to, REPEATED)) return;
  const number = from + REPEATED.length;
  let end = number;
  while (end < number + 6 && digits(bytes, end, 1) >= 0) end++;
  if (end === number || !startsWith(bytes, end, to, TIMES)) return;
  const message = end + TIMES.length;
  envelope.times = digits(bytes, number, end - number);
  envelope.from = bytes[message] === SPACE ? message + 1 : message;
  envelope.to = to - 1;
}
