import type { EpochSeconds } from "../parse/event.ts";
import type { ListEntry } from "./blocklist.ts";
import { type ListFormat, publishedFiles, rendered } from "./formats.ts";
import { type FileFacts, fileFacts } from "./manifest.ts";
import { tsv } from "./tsv.ts";

/** A file as it is put, and what the manifest says of it. */
export interface NewFile {
  content: string;
  facts: FileFacts;
}

/** The files of a list by name, in the manifest's order. */
export function listFiles(entries: readonly ListEntry[], now: EpochSeconds): Map<string, NewFile> {
  return new Map(publishedFiles.map(({ file, format }) => [file, formatted(format, entries, now)]));
}

/** `blocklist.tsv` alone, by which lists are told apart. */
export function hostsFile(entries: readonly ListEntry[], now: EpochSeconds): NewFile {
  return formatted(tsv, entries, now);
}

export function newFile(content: string): NewFile {
  return { content, facts: fileFacts(content) };
}

function formatted(format: ListFormat, entries: readonly ListEntry[], now: EpochSeconds): NewFile {
  const { content, facts } = newFile(rendered(format, entries, { now }));
  const cut = entries.length - (format.most ?? entries.length);
  return { content, facts: cut > 0 ? { ...facts, cut } : facts };
}
