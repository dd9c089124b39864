import type { Envelope, EnvelopeForm } from "./envelope.ts";
import { isoSyslog, traditionalSyslog, traditionalTime } from "./syslog.ts";

/** All forms; each line is of the first that reads it. Those that share first bytes go from strict to lenient. */
export const forms: readonly EnvelopeForm[] = [traditionalSyslog, isoSyslog];

/** An envelope to be filled. */
export function emptyEnvelope(): Envelope {
  const bytes = Buffer.alloc(0);
  const time = traditionalTime;
  return { bytes, programFrom: 0, programTo: 0, from: 0, to: 0, timeFrom: 0, timeTo: 0, time, times: 1 };
}

/** Takes a line apart; false where no form reads it. The form that read the last line is tried first. */
export function createEnvelopeReader(): (
  bytes: Buffer,
  start: number,
  end: number,
  into: Envelope,
) => boolean {
  let last = forms[0]!;
  return (bytes, start, end, into) => {
    into.times = 1;
    if (last.read(bytes, start, end, into)) return true;
    for (const form of forms) {
      if (form === last || !form.read(bytes, start, end, into)) continue;
      last = form;
      return true;
    }
    return false;
  };
}
