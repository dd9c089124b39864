import { mkdir, readdir, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { isCode, syncFolder, writeWhole } from "./durable.ts";

/** Milliseconds since 1970, as SQS gives its timestamps. */
export type Milliseconds = number;

/** What is known of a message without reading it: all of it stands in the file's name. */
export interface StoredMessage {
  id: string;
  sentAt: Milliseconds;
  receiveCount: number;
}

/**
 * A queue on disk: one file a message, its body as content, named `<sentAt>-<id>.<receiveCount>`. The count is
 * changed by renaming, so a message that ends the process each time still arrives among the dead letters.
 */
export interface QueueFiles {
  write(message: StoredMessage, body: string): Promise<void>;
  /** Undefined where the file is gone. */
  read(message: StoredMessage): Promise<string | undefined>;
  /** Sets the receive count. */
  count(message: StoredMessage, receiveCount: number): Promise<StoredMessage>;
  remove(message: StoredMessage): Promise<void>;
  /** Puts a message among the dead letters. */
  bury(message: StoredMessage): Promise<void>;
  /** Takes all dead letters back, as never received. */
  unbury(): Promise<StoredMessage[]>;
  waiting(): Promise<StoredMessage[]>;
  dead(): Promise<StoredMessage[]>;
}

const NAME = /^([0-9]{15})-([0-9a-f-]{36})\.([0-9]{1,6})$/;

/** Opens the queue in `dir`, or makes it, and removes what a kill left unfinished. */
export async function openQueueFiles(dir: string): Promise<QueueFiles> {
  const at = { messages: join(dir, "messages"), dead: join(dir, "dead"), scratch: join(dir, "unfinished") };
  for (const path of Object.values(at)) await mkdir(path, { recursive: true, mode: 0o700 });
  await syncFolder(dir);
  for (const name of await readdir(at.scratch)) await unlink(join(at.scratch, name));
  const path = (message: StoredMessage) => join(at.messages, nameOf(message));
  return {
    write: (message, body) => writeWhole(path(message), body, at.scratch),
    read: (message) => readFile(path(message), "utf8").catch(unlessGone),
    count: (message, receiveCount) => recount(at.messages, at.messages, message, receiveCount),
    remove: (message) => unlink(path(message)).catch(unlessGone),
    bury: async (message) => void (await recount(at.messages, at.dead, message, message.receiveCount)),
    unbury: async () =>
      Promise.all((await list(at.dead)).map((message) => recount(at.dead, at.messages, message, 0))),
    waiting: () => list(at.messages),
    dead: () => list(at.dead),
  };
}

/** How many messages wait or are being worked on; for other processes than the queue's own. */
export async function countWaiting(dir: string): Promise<number> {
  return (await list(join(dir, "messages"))).length;
}

/** Bodies of the dead letters; for other processes than the queue's own. */
export async function* readDead(dir: string): AsyncGenerator<string> {
  for (const message of await list(join(dir, "dead"))) {
    const body = await readFile(join(dir, "dead", nameOf(message)), "utf8").catch(unlessGone);
    if (body !== undefined) yield body;
  }
}

/** Oldest first. Files of other names are not ours and stay. */
async function list(dir: string): Promise<StoredMessage[]> {
  const names = (await readdir(dir)).sort();
  return names.flatMap((name) => {
    const [, sentAt, id, receiveCount] = NAME.exec(name) ?? [];
    return id === undefined ? [] : [{ id, sentAt: Number(sentAt), receiveCount: Number(receiveCount) }];
  });
}

async function recount(
  from: string,
  to: string,
  message: StoredMessage,
  receiveCount: number,
): Promise<StoredMessage> {
  const changed = { ...message, receiveCount };
  await rename(join(from, nameOf(message)), join(to, nameOf(changed))).catch(unlessGone);
  return changed;
}

function nameOf({ id, sentAt, receiveCount }: StoredMessage): string {
  return `${String(sentAt).padStart(15, "0")}-${id}.${receiveCount}`;
}

function unlessGone(error: unknown): undefined {
  if (!isCode(error, "ENOENT")) throw error;
}
