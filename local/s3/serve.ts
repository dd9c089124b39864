import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { S3EventRecord } from "aws-lambda";
import type { AccessKey } from "./access.ts";
import { authenticate } from "./authenticate.ts";
import { receive } from "./body.ts";
import type { Announce } from "./bucket.ts";
import type { Context, Reply } from "./context.ts";
import { S3Error } from "./errors.ts";
import { type EventName, eventRecord } from "./event.ts";
import { readRequest, type S3Request } from "./request.ts";
import { route } from "./route.ts";
import type { Store } from "./store.ts";
import { element, field } from "./xml.ts";

/** What all requests share. */
export interface Service {
  store: Store;
  keys: () => readonly AccessKey[];
  region: string;
  now: () => number;
  notify: (record: S3EventRecord) => Promise<() => void>;
  sequencer: (at: number) => string;
}

/** Largest rest of a refused body, in bytes, that is read away to keep the connection. */
const MAX_DRAIN = 16 * 1024 * 1024;

/** Answers one request; never throws. */
export async function serve(
  service: Service,
  message: IncomingMessage,
  response: ServerResponse,
  waits: boolean,
): Promise<void> {
  const requestId = randomBytes(8).toString("hex").toUpperCase();
  let reply: Reply;
  try {
    reply = await answer(service, message, response, waits, requestId);
  } catch (error) {
    reply = refuse(error, message, requestId);
  }
  try {
    await send(message, response, reply, requestId);
  } catch {
    // the client has gone, or a file could not be read in the middle of an answer: only a cut shows that it is short
    response.destroy();
  } finally {
    await reply.done?.();
    // what was not read of a refused body is read away: otherwise the connection would hang
    if (!message.complete) message.resume();
  }
}

async function answer(
  service: Service,
  message: IncomingMessage,
  response: ServerResponse,
  waits: boolean,
  requestId: string,
): Promise<Reply> {
  const request = readRequest(message, service.store.keys());
  const caller = authenticate(request, { keys: service.keys(), region: service.region, now: service.now() });
  const bucket = findBucket(service.store, request);
  const run = route(request);
  const context: Context = {
    request,
    caller,
    bucket,
    key: request.key ?? "",
    now: service.now,
    body() {
      // leaving the loop early must not cut the connection: the refusal goes over it
      const body = receive(request, caller, message.iterator({ destroyOnReturn: false }));
      if (waits) response.writeContinue();
      return body;
    },
    announce: (name) =>
      announce(service, { name, bucket: bucket.name, keyId: caller.key.id, message, requestId }),
  };
  return await run(context);
}

function findBucket(store: Store, request: S3Request) {
  if (request.bucket === undefined) throw new S3Error("NotImplemented", "ListBuckets is not implemented.");
  const bucket = store.get(request.bucket);
  if (bucket) return bucket;
  throw new S3Error("NoSuchBucket", "The specified bucket does not exist", { BucketName: request.bucket });
}

interface Origin {
  name: EventName;
  bucket: string;
  keyId: string;
  message: IncomingMessage;
  requestId: string;
}

function announce(service: Service, { name, bucket, keyId, message, requestId }: Origin): Announce {
  return ({ key, size, etag, modified }) =>
    service.notify(
      eventRecord({
        ...{ name, bucket, key, size, etag, keyId, requestId },
        at: modified,
        region: service.region,
        sequencer: service.sequencer(modified),
        sourceAddress: message.socket.remoteAddress ?? "",
      }),
    );
}

function refuse(error: unknown, message: IncomingMessage, requestId: string): Reply {
  const refusal = error instanceof S3Error ? error : internal(error);
  const details = Object.entries(refusal.details).map(([name, value]) => field(name, value));
  const resource = (message.url ?? "").split("?")[0];
  const content = [
    field("Code", refusal.code),
    field("Message", refusal.message),
    ...details,
    field("Resource", resource),
    field("RequestId", requestId),
  ];
  // S3 puts no namespace on errors
  return {
    status: refusal.status,
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${element("Error", ...content)}`,
  };
}

/** The cause goes to the client, who is the operator of this machine, and to nobody else. */
function internal(cause: unknown): S3Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new S3Error("InternalError", `We encountered an internal error. Please try again. (${reason})`);
}

async function send(
  message: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  requestId: string,
): Promise<void> {
  if (response.destroyed) return;
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  response.setHeader("server", "fleetban");
  response.setHeader("x-amz-request-id", requestId);
  if (leftOver(message) > MAX_DRAIN) response.setHeader("connection", "close");
  if (typeof reply.body === "string") {
    response.setHeader("content-type", "application/xml");
    response.setHeader("content-length", Buffer.byteLength(reply.body));
    response.end(message.method === "HEAD" ? undefined : reply.body);
  } else if (reply.body) {
    await pipeline(reply.body, response);
  } else {
    response.end();
  }
}

/** Bytes of the body that nobody has read, as far as the request tells. */
function leftOver(message: IncomingMessage): number {
  if (message.complete) return 0;
  return message.headers["transfer-encoding"] === undefined
    ? Number(message.headers["content-length"] ?? 0)
    : Infinity;
}
