/** The types of holes in a shape: which bytes each takes. */

/** A hole that takes bytes of a set, as many as there are. */
export interface SetHole {
  /** 1 at each byte that it takes. */
  set: Uint8Array;
  least: number;
  /** Bounds the work at one place, so that matching stays linear. */
  most: number;
  /** Whether a dot or a colon behind it is the sentence's, not its own. */
  inSentence?: true;
}

const ALNUM = "a-zA-Z0-9";

export const setHoles: Readonly<Record<string, SetHole>> = {
  /** A daemon's own token: a mechanism that it knows, a queue id, a driver. */
  word: { set: setOf(`${ALNUM}_./+-`), least: 1, most: 64 },
  /** A queue id, short or long (Postfix: enable_long_queue_ids), or NOQUEUE. */
  queue: { set: setOf(ALNUM), least: 5, most: 24 },
  int: { set: setOf("0-9"), least: 1, most: 10 },
  /** A session's id (OpenSMTPD: 64 bits). */
  hex: { set: setOf("0-9a-f"), least: 16, most: 16 },
  /** An address; whether it is a proper one is looked at when the shape fits. */
  ip: { set: setOf(`${ALNUM}:.%_-`), least: 2, most: 61, inSentence: true },
  /** An IPv4 address where a port follows a colon. */
  ip4: { set: setOf("0-9."), least: 7, most: 15 },
  /** Addresses of a client and of the proxies behind it, as X-Forwarded-For has them. */
  list: { set: setOf(`${ALNUM}:., %_-`), least: 2, most: 512 },
  /** The same with whatever else a client has sent, up to the semicolon that ends it. */
  hops: { set: setExcept(";").fill(1, 0x20, 0x21), least: 2, most: 8192 },
  /** A name from the DNS, as daemons check it before they write it (Postfix: valid_hostname; Exim's lets a slash pass), or an address. */
  host: { set: setOf(`${ALNUM}._:/-`), least: 1, most: 255 },
  date: { set: setOf("0-9-"), least: 10, most: 10 },
  clock: { set: setOf("0-9:.,"), least: 8, most: 12 },
  /** What a client said as HELO, after Exim's check: a name or an address in brackets. */
  helo: { set: setExcept(" ()"), least: 0, most: 8192 },
  /** An envelope sender: without what would end it, a client's text cannot stand there. */
  sender: { set: setExcept(' ()<>[]"'), least: 1, most: 512 },
  /** A user's name where a colon ends it. */
  account: { set: setExcept(" :,()<>[]\"'=;"), least: 1, most: 512 },
  /** A mailbox's address where a slash ends it; quotes begin what a client typed. */
  mailbox: { set: setExcept(" /\"'"), least: 1, most: 512 },
  /** What a client typed, where the daemon takes commands apart at spaces. */
  spaceless: { set: setExcept(" "), least: 1, most: 8192 },
  /** A mechanism as a client named it. */
  mechanism: { set: setExcept(" "), least: 1, most: 128 },
  /**
   * What a client typed, where the daemon lets it contain neither space nor what delimits it: a user name after
   * Dovecot's auth_username_chars, a HELO name after Exim's check.
   */
  token: { set: setExcept(" ,()<>[]\"'=;"), least: 0, most: 512 },
  /** A field of a table whose delimiter is a comma or a semicolon. */
  field: { set: setExcept(',;]"').fill(1, 0x20, 0x21), least: 0, most: 512 },
  /** A password, where it cannot be taken for what the daemon writes behind it. */
  secret: { set: setExcept("()").fill(1, 0x20, 0x21), least: 0, most: 512 },
  /** Words of a library, which contain neither comma nor colon: PAM's reasons. */
  phrase: { set: setOf(`${ALNUM} ()?.'/_-`), least: 0, most: 256 },
  /** What a daemon calls a connection: no space, no angle bracket. */
  session: { set: setExcept(" <>"), least: 0, most: 128 },
};

/** Holes that take one of some words: the first that stands there. */
export const wordHoles: Readonly<Record<string, readonly string[]>> = {
  /** A login process of Dovecot. */
  vchkpw: [
    "vchkpw-pop3s",
    "vchkpw-pop3",
    "vchkpw-imaps",
    "vchkpw-imap",
    "vchkpw-submission",
    "vchkpw-smtps",
    "vchkpw-smtp",
    "vchkpw-webmail",
    "vchkpw",
  ],
  login: ["imap-login", "pop3-login", "submission-login", "managesieve-login", "sieve-login"],
  /** A package of mox that speaks with mail clients. */
  moxserver: ["smtpserver", "imapserver"],
  /** A port that is for mail only (IANA). */
  mailport: ["25", "465", "587", "110", "995", "143", "993", "4190"],
};

/**
 * Holes that take any bytes up to the literal that follows them. `note`: the daemon's own words; the first place of
 * that literal counts. `text`: what a client may have typed; the last place counts. `elements`: the same for what
 * Dovecot writes about a client (login_log_format_elements); of it the name in `user=<…>` is captured. `loose`: what a client may
 * have typed, where the daemon's words behind may hold the literal once more: the last place where the rest fits, of a few.
 */
export const gapHoles = ["note", "text", "elements", "loose"] as const;
export type GapHole = (typeof gapHoles)[number];

function setOf(ranges: string): Uint8Array {
  const set = new Uint8Array(256);
  for (let i = 0; i < ranges.length; i++) {
    const from = ranges.charCodeAt(i);
    const isRange = ranges[i + 1] === "-" && i + 2 < ranges.length;
    set.fill(1, from, (isRange ? ranges.charCodeAt(i + 2) : from) + 1);
    if (isRange) i += 2;
  }
  return set;
}

/** Any byte but control characters and these. */
function setExcept(characters: string): Uint8Array {
  const set = new Uint8Array(256).fill(1, 0x21, 0x7f).fill(1, 0x80);
  for (const character of characters) set[character.charCodeAt(0)] = 0;
  return set;
}
