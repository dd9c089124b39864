import type { StreamName } from "../count/ledger.ts";
import type { Range } from "../count/ranges.ts";
import type { EpochSeconds } from "../parse/event.ts";
import { writeItems } from "./batch.ts";
import { putItem, queryItems, type Table } from "./table.ts";

/** How the counting of one range ended: its rows are those that begin there. */
export interface PartRow extends StreamName, Range {
  generation: number;
  /** Hash of its last line. */
  lastLine: string;
  parser: string;
  /** What its rows call the log. */
  logName: string;
  /** Key of the object that its bytes were read from. */
  object: string;
  /** That object is damaged. */
  partial: boolean;
  events: number;
  /** Unread lines of all bytes that were read with these. */
  unread: number;
  expires: EpochSeconds;
}

export async function putPart(table: Table, part: PartRow): Promise<void> {
  await putItem(table, { ...partKey(part), ...part });
}

/** Forgets the parts that begin there, those that are not known as well. */
export async function deleteParts(table: Table, of: StreamName, starts: readonly number[]): Promise<void> {
  await writeItems(
    table,
    [],
    starts.map((start) => partKey({ ...of, start })),
  );
}

/** The parts of a stream, in order. While bytes are claimed, theirs may be there or not. */
export async function partsOf(table: Table, { host, fingerprint }: StreamName): Promise<PartRow[]> {
  const parts: PartRow[] = [];
  for await (const { pk: _pk, sk: _sk, ...part } of queryItems(table, `part#${host}#${fingerprint}`)) {
    parts.push(part as unknown as PartRow);
  }
  return parts;
}

function partKey({ host, fingerprint, start }: StreamName & { start: number }) {
  return { pk: `part#${host}#${fingerprint}`, sk: String(start).padStart(15, "0") };
}
