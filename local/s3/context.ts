import type { Caller } from "./authenticate.ts";
import type { Body } from "./body.ts";
import type { Bucket } from "./bucket.ts";
import type { EventName } from "./event.ts";
import type { Announce } from "./objects.ts";
import type { S3Request } from "./request.ts";

/** What an operation works with: the request, verified, and the bucket that it addresses. */
export interface Context {
  request: S3Request;
  caller: Caller;
  bucket: Bucket;
  /** "" where the bucket itself is addressed. */
  key: string;
  /** UTC epoch seconds. */
  now(): number;
  /** Begins to read the body; a client that waits for `100 Continue` gets it now. */
  body(): Body;
  announce(name: EventName): Announce;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** Text is XML. */
  body?: string | AsyncIterable<Uint8Array>;
  /** Called when the body has been sent or the client has gone. */
  done?: () => Promise<void>;
}

export type Operation = (context: Context) => Promise<Reply>;
