import { createHostReader } from "../parse/host.ts";
import type { LineParser } from "../parse/line.ts";

/** A parser that also learns from the first lines whose they are. */
export function naming(parser: LineParser): LineParser & { host: string | undefined } {
  const hostOf = createHostReader();
  let looked = 0;
  let host: string | undefined;
  const look = (bytes: Buffer, start: number, end: number) => {
    if (looked === LINES_WITH_HOST || host !== undefined) return;
    looked++;
    host = hostOf(bytes, start, end);
  };
  return {
    get host() {
      return host;
    },
    read(bytes, start, end) {
      look(bytes, start, end);
      return parser.read(bytes, start, end);
    },
    parse: (bytes, start, end) => parser.parse(bytes, start, end),
    load: (piece) => parser.load(piece),
    readBlock: (from, to, taker) =>
      looked === LINES_WITH_HOST || host !== undefined ? parser.readBlock(from, to, taker) : from,
    get linesInBlock() {
      return parser.linesInBlock;
    },
    eventOf: (login) => parser.eventOf(login),
    addresses: parser.addresses,
    get unread() {
      return parser.unread;
    },
    get unreadLines() {
      return parser.unreadLines;
    },
  };
}

/** A log that names its host does so in each line; the first ones may be cut or another program's. */
const LINES_WITH_HOST = 100;
