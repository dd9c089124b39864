import { randomUUID } from "node:crypto";
import { type Milliseconds, openQueueFiles, type QueueFiles, type StoredMessage } from "./queue-files.ts";

/**
 * What this project uses of an SQS standard queue, in this process and on disk: at least once, a visibility timeout,
 * a receive count, dead letters.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export interface Queue {
  /**
   * Stores a message. It is safe on disk when the promise settles, and is given out once the returned function has
   * been called, or after a restart.
   */
  send(body: string): Promise<() => void>;
  /** Up to `limit` visible messages, oldest first; each is hidden for the visibility timeout. */
  receive(limit: number): Promise<Message[]>;
  /** Deletes a message that was worked off. The handle of an earlier receipt does nothing. */
  remove(receiptHandle: string): Promise<void>;
  /** Makes a message visible again, in so many milliseconds; at once where that was its last try. */
  putBack(receiptHandle: string, delay: Milliseconds): void;
  /** When the next message will be visible; undefined where none waits. */
  nextVisibleAt(): Milliseconds | undefined;
  depth(): QueueDepth;
  /** Settles at the next change of the queue. */
  changed(): Promise<void>;
  /** Takes the dead letters back into the queue, as never received; says how many. */
  redrive(): Promise<number>;
}

export interface Message {
  messageId: string;
  receiptHandle: string;
  body: string;
  receiveCount: number;
  sentAt: Milliseconds;
  firstReceivedAt: Milliseconds;
}

export interface QueueDepth {
  /** Given out, or to be given out. */
  waiting: number;
  /** Stored, not yet released by their sender. */
  unreleased: number;
  dead: number;
}

export interface QueueOptions {
  dir: string;
  /** How long a received message is hidden. */
  visibilityTimeout: Milliseconds;
  /** Receipts after which a message goes to the dead letters, instead of being given out once more. */
  maxReceiveCount: number;
  now: () => Milliseconds;
}

interface Entry {
  stored: StoredMessage;
  visibleAt: Milliseconds;
  receiptHandle: string | undefined;
  firstReceivedAt: Milliseconds | undefined;
}

/** Visible at no time, until its sender releases it. */
const UNRELEASED: Milliseconds = Number.POSITIVE_INFINITY;

interface State extends QueueOptions {
  files: QueueFiles;
  /** By message id, oldest first. */
  entries: Map<string, Entry>;
  unreleased: number;
  dead: number;
  change: PromiseWithResolvers<void>;
}

/** Opens the queue stored in `dir`, or makes it. All messages found there are visible. */
export async function openQueue(options: QueueOptions): Promise<Queue> {
  const files = await openQueueFiles(options.dir);
  const entries = new Map((await files.waiting()).map((stored) => [stored.id, entry(stored, 0)]));
  const change = Promise.withResolvers<void>();
  const dead = (await files.dead()).length;
  const state: State = { ...options, files, entries, unreleased: 0, dead, change };
  return {
    send: (body) => send(state, body),
    receive: (limit) => receive(state, limit),
    remove: (receiptHandle) => remove(state, receiptHandle),
    putBack: (receiptHandle, delay) => putBack(state, receiptHandle, delay),
    nextVisibleAt: () => nextVisibleAt(state),
    depth: () => depth(state),
    changed: () => state.change.promise,
    redrive: () => redrive(state),
  };
}

async function send(state: State, body: string): Promise<() => void> {
  const stored = { id: randomUUID(), sentAt: state.now(), receiveCount: 0 };
  await state.files.write(stored, body);
  const sent = entry(stored, UNRELEASED);
  state.entries.set(stored.id, sent);
  state.unreleased += 1;
  return () => release(state, sent);
}

function release(state: State, sent: Entry): void {
  if (sent.visibleAt !== UNRELEASED) return;
  sent.visibleAt = 0;
  state.unreleased -= 1;
  tellChange(state);
}

async function receive(state: State, limit: number): Promise<Message[]> {
  const now = state.now();
  const visible = state.entries.values().filter((found) => found.visibleAt <= now);
  const taken = visible.take(limit).toArray();
  // before the first await: a second receiver must not see them
  for (const found of taken) hide(found, now + state.visibilityTimeout);
  const messages = await Promise.all(taken.map((found) => giveOut(state, found, now)));
  return messages.filter((message) => message !== undefined);
}

async function giveOut(state: State, found: Entry, now: Milliseconds): Promise<Message | undefined> {
  const { receiveCount } = found.stored;
  if (receiveCount >= state.maxReceiveCount) return bury(state, found);
  found.stored = await state.files.count(found.stored, receiveCount + 1);
  found.firstReceivedAt ??= now;
  const body = await state.files.read(found.stored);
  if (body === undefined) return forget(state, found);
  const { id: messageId, sentAt } = found.stored;
  return {
    messageId,
    receiptHandle: found.receiptHandle as string,
    body,
    receiveCount: receiveCount + 1,
    sentAt,
    firstReceivedAt: found.firstReceivedAt,
  };
}

async function bury(state: State, found: Entry): Promise<undefined> {
  await state.files.bury(found.stored);
  state.dead += 1;
  forget(state, found);
}

async function remove(state: State, receiptHandle: string): Promise<void> {
  const found = byReceipt(state, receiptHandle);
  if (found === undefined) return;
  await state.files.remove(found.stored);
  forget(state, found);
}

function putBack(state: State, receiptHandle: string, delay: Milliseconds): void {
  const found = byReceipt(state, receiptHandle);
  if (found === undefined) return;
  const last = found.stored.receiveCount >= state.maxReceiveCount;
  found.visibleAt = last ? 0 : state.now() + delay;
  tellChange(state);
}

function nextVisibleAt(state: State): Milliseconds | undefined {
  let next = UNRELEASED;
  for (const { visibleAt } of state.entries.values()) next = Math.min(next, visibleAt);
  return next === UNRELEASED ? undefined : next;
}

function depth(state: State): QueueDepth {
  const { entries, unreleased, dead } = state;
  return { waiting: entries.size - unreleased, unreleased, dead };
}

async function redrive(state: State): Promise<number> {
  const messages = await state.files.unbury();
  for (const stored of messages) state.entries.set(stored.id, entry(stored, 0));
  state.dead -= messages.length;
  tellChange(state);
  return messages.length;
}

function entry(stored: StoredMessage, visibleAt: Milliseconds): Entry {
  return { stored, visibleAt, receiptHandle: undefined, firstReceivedAt: undefined };
}

function hide(found: Entry, until: Milliseconds): void {
  found.visibleAt = until;
  found.receiptHandle = `${found.stored.id}/${randomUUID()}`;
}

function byReceipt(state: State, receiptHandle: string): Entry | undefined {
  const found = state.entries.get(receiptHandle.split("/", 1)[0] as string);
  return found?.receiptHandle === receiptHandle ? found : undefined;
}

function forget(state: State, found: Entry): undefined {
  state.entries.delete(found.stored.id);
  tellChange(state);
}

function tellChange(state: State): void {
  state.change.resolve();
  state.change = Promise.withResolvers();
}
