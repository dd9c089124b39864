/**
 * Haraka 2.6 to 3 (connection.js: disconnect_respond): one line at the end of a connection, the client first, and what it was
 * told last. How often it was told so the line does not say: it counts once.
 */
import { type Daemon, failure, means } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt, wordEnd } from "./envelope.ts";
import { isoTime, looksIso } from "./syslog.ts";

const START = '{[<level:word>] }[<id:word>] [core] disconnect ip={<ip>|"<ip>"} <about:text>';

export const haraka: Daemon = {
  name: "haraka",
  programs: ["haraka", "Haraka"],
  service: () => "smtp",
  shapes: means(failure, [`${START} lr="535 <rest:note>`, `${START} lr='535 <rest:note>`]),
};

const ZULU = 0x5a;
const OPEN = 0x5b;
const HARAKA = Buffer.from("haraka");

/** `2026-11-24T02:39:01.123Z [NOTICE] [5F0B…] [core] …` (log.timestamps). */
export const harakaNative: EnvelopeForm = {
  name: "Haraka's own",
  lenient: true,
  read(bytes, start, end, into) {
    if (!looksIso(bytes, start, end)) return false;
    const time = wordEnd(bytes, start + 19, end, 8);
    if (time < 0 || bytes[time - 1] !== ZULU || bytes[time + 1] !== OPEN) return false;
    timeAt(isoTime, bytes, start, time, into);
    return readAs(HARAKA, bytes, time + 1, end, into);
  },
};
