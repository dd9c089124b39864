/**
 * ASSP 1 and 2, a proxy before an MTA, which reports the MTA's answers: one line an answer, and one when it has had enough. The
 * address stands before all that a client typed.
 */
import { type Daemon, failure, means, nothing, probe, summaryFailure } from "./daemon.ts";
import { shortYearTime } from "./dates.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";

const START = "{<id:word> }{[<a:word>] }{[<b:word>] }{[<c:word>] }";
const ANSWER = `${START}<ip> {<<sender:sender>> }[SMTP Error] 535 <code:word> Error: authentication failed: `;

export const assp: Daemon = {
  name: "assp",
  programs: ["assp"],
  service: () => "smtp",
  shapes: [
    ...means(probe, [`${ANSWER}{Invalid authentication mechanism|Invalid base64 data}<rest:note>`]),
    // The MTA could not ask whoever knows
    nothing(`${ANSWER}{Connection lost to authentication server|Temporary|generic failure}<rest:note>`),
    ...means(failure, [`${ANSWER}<reason:note>`]),
    ...means(summaryFailure, [
      `${START}<ip> {<<sender:sender>> }max sender authentication errors (<n:int>) exceeded <rest:note>`,
      `${START}Blocking <ip> - too much AUTH errors (<n:int>);`,
    ]),
  ],
};

const SPACE = 0x20;
const DASH = 0x2d;
const ASSP = Buffer.from("assp");

/** `Jul-30-16 17:07:25 …`, local time. */
export const asspNative: EnvelopeForm = {
  name: "ASSP's own",
  read(bytes, start, end, into) {
    const looks = bytes[start + 3] === DASH && bytes[start + 6] === DASH && bytes[start + 9] === SPACE;
    if (!looks || end - start < 24 || bytes[start + 18] !== SPACE) return false;
    timeAt(shortYearTime, bytes, start, start + 18, into);
    return readAs(ASSP, bytes, start + 19, end, into);
  },
};
