import { createGunzip, createGzip } from "node:zlib";
import type { Range } from "../count/ranges.ts";
import { through } from "../read/through.ts";
import type { RowName } from "./counters.ts";
import { type Bucket, getObject, listObjects, metadataOf, putObject } from "./objects.ts";

/** Whose rows a receipt names: one try at counting one range of one stream. */
export interface ReceiptOf extends Range {
  host: string;
  fingerprint: string;
}

/** A row within a receipt: the key of the receipt says the rest. */
export type RowOfReceipt = Pick<RowName, "day" | "ip">;

/**
 * Writes the receipt of a range before its rows are put: `day`, tab, `ip`, a line for each. Whoever counts the range
 * again learns from it which rows may be there. In memory it is only as large as it is packed: some 8 bytes a row.
 */
export async function putReceipt(
  lists: Bucket,
  of: ReceiptOf,
  generation: number,
  rows: Iterable<RowOfReceipt>,
  object: string,
): Promise<void> {
  const packed: Buffer[] = [];
  for await (const chunk of through(textOf(rows), createGzip())) packed.push(chunk);
  const metadata = { object: encodeURIComponent(object) };
  const name = `${startPrefix(of)}${offset(of.end)}.${generation}.tsv.gz`;
  await putObject(lists, name, Buffer.concat(packed), { metadata });
}

/** Key of the object that the bytes of a range were last counted from. */
export async function receiptObject(lists: Bucket, of: ReceiptOf): Promise<string> {
  let object: string | undefined;
  let latest = 0;
  for await (const { key } of listObjects(lists, `${startPrefix(of)}${offset(of.end)}.`)) {
    const generation = Number(/\.(\d+)\.tsv\.gz$/.exec(key)?.[1] ?? 0);
    if (generation <= latest) continue;
    latest = generation;
    object = (await metadataOf(lists, key))?.object;
  }
  return object === undefined ? "-" : decodeURIComponent(object);
}

/** All rows that any try at bytes from `start` on may have put; those of several receipts several times. */
export async function* receiptRows(
  lists: Bucket,
  { host, fingerprint, start }: Omit<ReceiptOf, "end">,
): AsyncGenerator<RowName> {
  for await (const { key } of listObjects(lists, startPrefix({ host, fingerprint, start }))) {
    for await (const { day, ip } of readReceipt(lists, key)) yield { day, ip, host, fingerprint, start };
  }
}

async function* readReceipt(lists: Bucket, key: string): AsyncGenerator<RowOfReceipt> {
  const object = await getObject(lists, key);
  if (object === undefined) return;
  let rest = "";
  for await (const chunk of through(object.body, createGunzip())) {
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const tab = line.indexOf("\t");
      yield { day: line.slice(0, tab), ip: line.slice(tab + 1) };
    }
  }
}

/** In pieces: a call of the compressor for each line would take longer than all else. */
async function* textOf(rows: Iterable<RowOfReceipt>): AsyncGenerator<Buffer> {
  let text = "";
  for (const { day, ip } of rows) {
    text += `${day}\t${ip}\n`;
    if (text.length < 65_536) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (text !== "") yield Buffer.from(text);
}

function startPrefix({ host, fingerprint, start }: Omit<ReceiptOf, "end">): string {
  return `receipts/${host}/${fingerprint}/${offset(start)}-`;
}

function offset(bytes: number): string {
  return String(bytes).padStart(15, "0");
}
