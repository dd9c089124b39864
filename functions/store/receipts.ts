import { gunzipSync, gzipSync } from "node:zlib";
import type { CounterRow } from "../count/counter.ts";
import type { Range } from "../count/ranges.ts";
import { keyOfRow } from "./counters.ts";
import { type Bucket, getObject, listObjects, metadataOf, putObject } from "./objects.ts";
import type { Key } from "./table.ts";

/** Whose rows a receipt names: one try at counting one range of one stream. */
export interface ReceiptOf extends Range {
  host: string;
  fingerprint: string;
}

/**
 * Writes the receipt of a range before its rows are put: one row key a line. Whoever counts the range again
 * learns from it which rows may be there.
 */
export async function putReceipt(
  lists: Bucket,
  of: ReceiptOf,
  generation: number,
  rows: CounterRow[],
  object: string,
): Promise<void> {
  const lines = rows.map((row) => {
    const { pk, sk } = keyOfRow(row);
    return `${pk}\t${sk}\n`;
  });
  const metadata = { object: encodeURIComponent(object) };
  await putObject(lists, `${prefixOf(of)}${generation}.tsv.gz`, gzipSync(lines.join("")), { metadata });
}

/** Key of the object that the bytes of a range were last counted from. */
export async function receiptObject(lists: Bucket, of: ReceiptOf): Promise<string> {
  let object: string | undefined;
  let latest = 0;
  for await (const { key } of listObjects(lists, prefixOf(of))) {
    const generation = Number(/\.(\d+)\.tsv\.gz$/.exec(key)?.[1] ?? 0);
    if (generation <= latest) continue;
    latest = generation;
    object = (await metadataOf(lists, key))?.object;
  }
  return object === undefined ? "-" : decodeURIComponent(object);
}

/** Keys of all rows that earlier tries at exactly this range may have put. */
export async function receiptKeys(lists: Bucket, of: ReceiptOf): Promise<Key[]> {
  const keys = new Map<string, Key>();
  for await (const { key } of listObjects(lists, prefixOf(of))) {
    for (const receipt of await readReceipt(lists, key)) keys.set(`${receipt.pk} ${receipt.sk}`, receipt);
  }
  return [...keys.values()];
}

async function readReceipt(lists: Bucket, key: string): Promise<Key[]> {
  const object = await getObject(lists, key);
  if (object === undefined) return [];
  const chunks: Buffer[] = [];
  for await (const chunk of object.body) chunks.push(chunk as Buffer);
  const text = gunzipSync(Buffer.concat(chunks)).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const tab = line.indexOf("\t");
      return { pk: line.slice(0, tab), sk: line.slice(tab + 1) };
    });
}

function prefixOf({ host, fingerprint, start, end }: ReceiptOf): string {
  return `receipts/${host}/${fingerprint}/${offset(start)}-${offset(end)}.`;
}

function offset(bytes: number): string {
  return String(bytes).padStart(15, "0");
}
