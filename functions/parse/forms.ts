import { asspNative } from "./assp.ts";
import { cpanelNative } from "./cpanel.ts";
import { dominoNative } from "./domino.ts";
import type { Envelope, EnvelopeForm } from "./envelope.ts";
import { exchangeNative } from "./exchange.ts";
import { groupofficeNative } from "./groupoffice.ts";
import { harakaNative } from "./haraka.ts";
import { hordeLog, hordeNative } from "./horde.ts";
import { journalExport } from "./journal.ts";
import { json } from "./json.ts";
import { kerioNative } from "./kerio.ts";
import { mailuNative } from "./mailu.ts";
import { dovecotNative, dovecotPrefixed, eximNative, eximUntimed } from "./native.ts";
import { nginxNative } from "./nginx.ts";
import { openwebmailNative } from "./openwebmail.ts";
import { oracleimsNative } from "./oracleims.ts";
import { roundcubeNative } from "./roundcube.ts";
import { metalog, socklog } from "./socklog.ts";
import { sogoNative } from "./sogo.ts";
import { squirrelmailNative } from "./squirrelmail.ts";
import { stalwartNative } from "./stalwart.ts";
import { isoSyslog, traditionalSyslog, traditionalTime } from "./syslog.ts";
import { tine20Native } from "./tine20.ts";
import { oddSyslog } from "./variants.ts";
import { composed, readBare, rfc5424, stamped, tai64n } from "./wrapped.ts";
import { zimbraNative } from "./zimbra.ts";

/** What a collector may wrap. */
const plain: readonly EnvelopeForm[] = [
  hordeNative,
  sogoNative,
  metalog,
  traditionalSyslog,
  dovecotNative,
  exchangeNative,
  isoSyslog,
  socklog,
  rfc5424,
  zimbraNative,
  harakaNative,
  stalwartNative,
  hordeLog,
  dominoNative,
  oddSyslog,
  eximNative,
  nginxNative,
  roundcubeNative,
  kerioNative,
  squirrelmailNative,
  mailuNative,
  groupofficeNative,
  cpanelNative,
  asspNative,
  openwebmailNative,
  oracleimsNative,
  tine20Native,
  eximUntimed,
  dovecotPrefixed,
];

/** All forms, for one log; each line is of the first that reads it, so of two that look alike the stricter comes first. */
function createForms(): EnvelopeForm[] {
  return [
    journalExport(),
    ...plain,
    stamped(readInner),
    json(readInner),
    tai64n(readInner),
    composed(readInner),
  ];
}

/** A line that stands within another: with an envelope of its own, or bare. */
function readInner(bytes: Buffer, start: number, end: number, into: Envelope): boolean {
  return plain.some((form) => form.read(bytes, start, end, into)) || readBare(bytes, start, end, into);
}

/** An envelope to be filled. */
export function emptyEnvelope(): Envelope {
  const bytes = Buffer.alloc(0);
  const program = { programBytes: bytes, programFrom: 0, programTo: 0, isOwnLog: false };
  const time = { timeBytes: bytes, timeFrom: 0, timeTo: 0, time: traditionalTime };
  return { bytes, from: 0, to: 0, ...program, ...time, times: 1 };
}

/**
 * Takes lines apart. The form that read the last line is tried first, if it is one that no other could have read before: so a line
 * is read alike whatever stood before it.
 */
export class EnvelopeReader {
  private readonly forms = createForms();
  /** What read the last line but for those of lenient forms. */
  last = this.forms[0]!;

  /** False where no form reads the line. */
  read(bytes: Buffer, start: number, end: number, into: Envelope): boolean {
    into.times = 1;
    if (this.last.read(bytes, start, end, into)) return true;
    for (const form of this.forms) {
      if (form === this.last || !form.read(bytes, start, end, into)) continue;
      if (!form.lenient) this.last = form;
      return true;
    }
    return false;
  }
}
