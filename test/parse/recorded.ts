import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import type { LoginEvent } from "../../functions/parse/event.ts";
import { createLineParser, type LineParser } from "../../functions/parse/line.ts";
import { readLines } from "../../functions/read/lines.ts";

/** Logs that real daemons wrote while clients with known intentions talked to them; see their README. */
const FOLDER = new URL("../../../shared/corpus/recorded/", import.meta.url);

export const hasRecorded = existsSync(FOLDER);

export const runs = hasRecorded ? readdirSync(FOLDER).filter((name) => !name.includes(".")) : [];

export interface Truth {
  failed: number;
  /** Everything that was sent to be judged, or might have been. */
  tried: number;
  ok: number;
}

/** By source address, over all services. */
export function truthOf(run: string): Map<string, Truth> {
  const [head, ...rows] = readFileSync(new URL(`${run}/truth.tsv`, FOLDER), "utf8").trimEnd().split("\n");
  const column = (name: string) => head!.split("\t").indexOf(name);
  const truth = new Map<string, Truth>();
  for (const row of rows.map((line) => line.split("\t"))) {
    const of = (name: string) => Number(row[column(name)]);
    const ip = row[column("ip")]!;
    const sum = truth.get(ip) ?? { failed: 0, tried: 0, ok: 0 };
    sum.failed += of("failed");
    sum.tried += of("failed") + of("refused") + of("aborted") + of("unread");
    sum.ok += of("ok");
    truth.set(ip, sum);
  }
  return truth;
}

export interface NamedEvent extends LoginEvent {
  log: string;
}

export async function eventsOf(run: string, logs: string[]): Promise<{ events: NamedEvent[]; parsers: LineParser[] }> {
  const events: NamedEvent[] = [];
  const parsers: LineParser[] = [];
  for (const log of logs) {
    const parser = createLineParser({ logTime: Date.parse("2026-11-24T06:00:00Z") / 1000, zone: { offset: 0 } });
    parsers.push(parser);
    const source = createReadStream(new URL(`${run}/${log}`, FOLDER));
    await readLines(source, { name: log }, (bytes, start, end) => {
      const event = parser.parse(bytes, start, end);
      if (event !== undefined) events.push({ ...event, log });
    });
  }
  return { events, parsers };
}

export function logsOf(run: string): string[] {
  return readdirSync(new URL(run, FOLDER)).filter((name) => !/tsv$|^config/.test(name));
}
