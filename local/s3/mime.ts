/** Encoded words of RFC 2047, in which S3 takes and gives metadata beyond ASCII. */

/** Replaces `=?charset?B|Q?…?=` by its text; words in charsets other than UTF-8, Latin-1 and ASCII stay. */
export function decodeWords(text: string): string {
  return text
    .replace(/(\?=)\s+(?==\?)/g, "$1")
    .replace(
      /=\?([A-Za-z0-9-]{1,40})\?([BbQq])\?([!->@-~]{0,2048})\?=/g,
      (word, charset, coding, content) => {
        const bytes = coding.toUpperCase() === "B" ? Buffer.from(content, "base64") : decodeQ(content);
        const name = charset.toLowerCase();
        if (name === "utf-8") return bytes.toString("utf8");
        return name === "iso-8859-1" || name === "us-ascii" ? bytes.toString("latin1") : word;
      },
    );
}

/** Text as a header value: itself where printable ASCII, else one encoded word. */
export function encodeWord(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;
}

function decodeQ(content: string): Buffer {
  const bytes = content
    .replaceAll("_", " ")
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1");
}
