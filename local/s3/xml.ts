import { S3Error } from "./errors.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const MAX_DEPTH = 8;

/** An element of a request's document: either text or children count. */
export interface Element {
  name: string;
  text: string;
  children: Element[];
}

/** A whole response document; `content` is XML. */
export function document(root: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${content}</${root}>`;
}

/** An element with XML in it. */
export function element(name: string, ...content: string[]): string {
  return `<${name}>${content.join("")}</${name}>`;
}

/** An element with text in it; nothing where there is no value. */
export function field(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? "" : `<${name}>${escapeText(String(value))}</${name}>`;
}

/** Control characters become references, as S3 writes them, although XML 1.0 readers refuse those below U+0020. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"\u0000-\u001f\u007f]/g, (found) => `&#${found.charCodeAt(0)};`);
}

/**
 * Reads the few elements that clients of S3 send: no document type, no comments, no CDATA, attributes only
 * to be skipped. Linear time; depth bounded.
 * @throws S3Error MalformedXML
 */
export function parseXml(text: string): Element {
  const top: Element = { name: "", text: "", children: [] };
  const open = [top];
  const token = /<\?xml [^<>]*\?>|<(\/?)([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*?)?(\/?)>|([^<]+)/gy;
  let at = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    at = token.lastIndex;
    const [, closing, name, empty, words] = match;
    const inner = open.at(-1)!;
    if (words !== undefined) inner.text += unescapeText(words);
    else if (closing === "/") {
      if (empty === "/" || open.length === 1 || open.pop()!.name !== name) throw malformed();
    } else if (name !== undefined) {
      const child: Element = { name, text: "", children: [] };
      inner.children.push(child);
      if (empty !== "/" && open.push(child) > MAX_DEPTH) throw malformed();
    }
  }
  if (at !== text.length || open.length !== 1 || top.children.length !== 1 || top.text.trim() !== "")
    throw malformed();
  return top.children[0]!;
}

/** Text of the child of that name. */
export function childText(parent: Element, name: string): string | undefined {
  return parent.children.find((child) => child.name === name)?.text;
}

export function malformed(): S3Error {
  return new S3Error(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescapeText(text: string): string {
  return text.replace(/&([^;&]{0,10};?)/g, (_, entity: string) => {
    const match = /^(?:([a-z]{2,4})|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));$/.exec(entity);
    if (!match) throw malformed();
    if (match[1] !== undefined) return ENTITIES[match[1]] ?? fail();
    const code = match[2] !== undefined ? Number(match[2]) : Number.parseInt(match[3]!, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : fail();
  });
}

function fail(): never {
  throw malformed();
}
