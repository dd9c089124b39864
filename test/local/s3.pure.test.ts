import { describe, expect, test } from "vitest";
import { CHECKSUMS, startChecksum } from "../../local/s3/checksum.ts";
import { listPage } from "../../local/s3/list.ts";
import { decodeWords, encodeWord } from "../../local/s3/mime.ts";
import { readRange } from "../../local/s3/range.ts";
import { bytewise } from "../../local/s3/sorted.ts";
import { escapeText, parseXml } from "../../local/s3/xml.ts";

describe("checksums of 123456789, the usual check value", () => {
  const known = {
    crc32: "cbf43926",
    crc32c: "e3069283",
    crc64nvme: "ae8b14860a799888",
    sha1: "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    sha256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
  };
  test.each(CHECKSUMS)("%s", (name) => {
    const running = startChecksum(name);
    running.update(Buffer.from("1234"));
    running.update(Buffer.from("56789"));
    expect(running.digest().toString("hex")).toBe(known[name]);
  });
});

describe("Range", () => {
  test.each([
    { range: "bytes=0-0", expected: { start: 0, end: 1 } },
    { range: "bytes=2-", expected: { start: 2, end: 10 } },
    { range: "bytes=-3", expected: { start: 7, end: 10 } },
    { range: "bytes=-30", expected: { start: 0, end: 10 } },
    { range: "bytes=5-99", expected: { start: 5, end: 10 } },
    { range: undefined, expected: undefined },
    { range: "bytes=-", expected: undefined },
    { range: "bytes=5-2", expected: undefined },
    { range: "bytes=0-1,3-4", expected: undefined },
    { range: "lines=0-1", expected: undefined },
    { range: "bytes=9999999999999999-", expected: undefined },
  ])("$range of 10 bytes", ({ range, expected }) => {
    expect(readRange(range, 10)).toEqual(expected);
  });

  test.each([
    { range: "bytes=10-", size: 10 },
    { range: "bytes=-0", size: 10 },
    { range: "bytes=0-", size: 0 },
    { range: "bytes=-5", size: 0 },
  ])("$range of $size bytes cannot be satisfied", ({ range, size }) => {
    expect(() => readRange(range, size)).toThrow("not satisfiable");
  });
});

describe("listing", () => {
  const question = { prefix: "", delimiter: "", startAfter: "", token: undefined, maxKeys: 1000 };

  test("any page size tells the same keys and prefixes, each once, in order", () => {
    const names = ["a", "a/1", "a/2", "a0", "b/1/x", "b/1/y", "b/2", "c", "ä/1", "～", "😀/"];
    const sorted = names.map(bytewise).sort();
    const whole = listPage(sorted, { ...question, delimiter: "/" });
    expect([whole.keys, whole.prefixes]).toEqual([
      ["a", "a0", "c", "～"],
      ["a/", "b/", "ä/", "😀/"],
    ]);
    for (let maxKeys = 1; maxKeys <= names.length; maxKeys++) {
      const told = { keys: [] as string[], prefixes: [] as string[] };
      for (let token: string | undefined = ""; token !== undefined; ) {
        const page = listPage(sorted, { ...question, delimiter: "/", token, maxKeys });
        expect(page.keys.length + page.prefixes.length).toBeLessThanOrEqual(maxKeys);
        told.keys.push(...page.keys);
        told.prefixes.push(...page.prefixes);
        token = page.next;
      }
      expect(told).toEqual({ keys: whole.keys, prefixes: whole.prefixes });
    }
  });

  test("max-keys 0 is an empty last page", () => {
    expect(listPage(["a"], { ...question, maxKeys: 0 })).toEqual({ keys: [], prefixes: [], next: undefined });
  });

  test("a prefix of the highest bytes ends the list", () => {
    const page = listPage(["a", "\u00ff\u00ff1", "\u00ff\u00ff2"], { ...question, delimiter: "\u00ff" });
    expect(page.keys).toHaveLength(3);
  });
});

describe("XML of requests", () => {
  test("elements, text and references", () => {
    const root = parseXml('<?xml version="1.0"?>\n<A xmlns="x"><B>a &amp; &#60;&#x20AC;</B><C/></A>');
    expect([root.name, root.children.map(({ name, text }) => [name, text])]).toEqual([
      "A",
      [
        ["B", "a & <€"],
        ["C", ""],
      ],
    ]);
  });

  test.each([
    "",
    "text",
    "<A>",
    "<A></B>",
    "</A>",
    "<A></A><B></B>",
    "<A></A>text",
    "<A>&unknown;</A>",
    "<A>&amp</A>",
    "<A>&#x110000;</A>",
    '<!DOCTYPE A [<!ENTITY x "y">]><A>&x;</A>',
    "<A><!-- comment --></A>",
    "<A><![CDATA[x]]></A>",
    "<A".repeat(100),
    "<A>".repeat(100) + "</A>".repeat(100),
  ])("refused: %s", (text) => {
    expect(() => parseXml(text)).toThrow("not well-formed");
  });

  test("reading takes time in proportion to the length, whatever is in it", () => {
    const hostile = [
      `<A>${"&amp;".repeat(400_000)}</A>`,
      "<".repeat(2_000_000),
      `<A ${" ".repeat(2_000_000)}`,
    ];
    const start = performance.now();
    for (const text of hostile) {
      try {
        parseXml(text);
      } catch {
        // most of it is no XML
      }
    }
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test("what is written is read back", () => {
    const text = "a&b<c>\"d'\r\n\u0001ü😀";
    expect(parseXml(`<A>${escapeText(text)}</A>`).text).toBe(text);
  });
});

describe("RFC 2047 words", () => {
  test.each([
    { word: "=?UTF-8?B?bcOkaWwubG9n?=", text: "mäil.log" },
    { word: "=?UTF-8?Q?m=C3=A4il_log?=", text: "mäil log" },
    { word: "=?ISO-8859-1?Q?m=E4il?=", text: "mäil" },
    { word: "=?UTF-8?B?w6Q=?= =?UTF-8?B?w7Y=?=", text: "äö" },
    { word: "plain =?x", text: "plain =?x" },
    { word: "=?KOI8-R?B?8g==?=", text: "=?KOI8-R?B?8g==?=" },
  ])("$word", ({ word, text }) => {
    expect(decodeWords(word)).toBe(text);
  });

  test("text beyond ASCII becomes one word, ASCII stays", () => {
    expect(encodeWord("mäil.log")).toBe("=?UTF-8?B?bcOkaWwubG9n?=");
    expect(encodeWord("maillog")).toBe("maillog");
  });
});
