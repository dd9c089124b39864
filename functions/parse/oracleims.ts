/** Oracle (Sun) Messaging Server 7 and 8: the MTA's connection log in XML. The client stands before all that it typed. */
import { type Daemon, failure, means, success, unread } from "./daemon.ts";
import { type EnvelopeForm, readAs, timeAt } from "./envelope.ts";
import { startsWith } from "./places.ts";
import { isoTime, looksIso } from "./syslog.ts";

const ENDS = "{[<lip:ip>]|<lip:ip4>}|<service:int>|{[<ip>]|<ip:ip4>}|<port:int>";
const AUTH = `<about:note> ac="U" tr="TCP|${ENDS}" ap="<a:word>" mi=`;

export const oracleims: Daemon = {
  name: "oracleims",
  programs: ["oracleims"],
  service: () => "smtp",
  shapes: [
    ...means(failure, [`${AUTH}"Bad password" us="<user:text>" di="535 <rest:note>`]),
    ...means(success, [`${AUTH}"Authentication successful<m:note>" us="<user:text>" di="235 <rest:note>`]),
    unread(`${AUTH}"<m:note>" us="<user:text>" di="535 <rest:note>`),
  ],
};

const ORACLE = Buffer.from("oracleims");
const START = Buffer.from('<co ts="');

/** `<co ts="2014-06-02T10:08:07.56" …/>`, local time. */
export const oracleimsNative: EnvelopeForm = {
  name: "Oracle Messaging Server's own",
  read(bytes, start, end, into) {
    if (end - start < 40 || !startsWith(bytes, start, end, START) || !looksIso(bytes, start + 8, end))
      return false;
    timeAt(isoTime, bytes, start + 8, start + 27, into);
    return readAs(ORACLE, bytes, start + 27, end, into);
  },
};
