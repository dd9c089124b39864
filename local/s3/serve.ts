import type { S3EventRecord } from "aws-lambda";
import type { AccessKey } from "./access.ts";
import { authenticate } from "./authenticate.ts";
import { receive } from "./body.ts";
import type { Context, Reply } from "./context.ts";
import { S3Error } from "./errors.ts";
import { type EventName, eventRecord } from "./event.ts";
import type { Announce } from "./objects.ts";
import { drain, type Exchange, refuse, send } from "./reply.ts";
import { readRequest, type S3Request } from "./request.ts";
import { route } from "./route.ts";
import type { Store } from "./store.ts";

/** What all requests share. */
export interface Service {
  store: Store;
  keys: () => readonly AccessKey[];
  region: string;
  now: () => number;
  notify: (record: S3EventRecord) => Promise<() => void>;
  sequencer: (at: number) => string;
  onError: (error: unknown) => void;
}

/** Answers one request; never throws. */
export async function serve(service: Service, exchange: Exchange): Promise<void> {
  const { message, response } = exchange;
  const reply = await answer(service, exchange).catch((error: unknown) => {
    const hungUp = message.destroyed && !message.complete;
    if (!(error instanceof S3Error) && !hungUp) service.onError(error);
    return refuse(error, exchange);
  });
  try {
    await send(exchange, reply);
  } catch (error) {
    // an answer that breaks off in the middle: only a cut connection shows that it is short
    response.destroy();
    if (!isClientGone(error)) service.onError(error);
  }
  await reply.done?.().catch(service.onError);
  drain(exchange);
}

function isClientGone(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return ["ERR_STREAM_PREMATURE_CLOSE", "ECONNRESET", "EPIPE"].includes(code);
}

async function answer(service: Service, exchange: Exchange): Promise<Reply> {
  const { message, response } = exchange;
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
      if (exchange.waits) response.writeContinue();
      exchange.waits = false;
      return body;
    },
    announce: (name) => announce(service, exchange, { name, bucket: bucket.name, keyId: caller.key.id }),
  };
  return await run(context);
}

function findBucket(store: Store, request: S3Request) {
  if (request.bucket === undefined) throw new S3Error("NotImplemented", "ListBuckets is not implemented.");
  const bucket = store.get(request.bucket);
  if (bucket) return bucket;
  throw new S3Error("NoSuchBucket", "The specified bucket does not exist", { BucketName: request.bucket });
}

function announce(
  service: Service,
  { message, requestId }: Exchange,
  origin: { name: EventName; bucket: string; keyId: string },
): Announce {
  return ({ key, size, etag, modified }) =>
    service.notify(
      eventRecord({
        ...origin,
        ...{ key, size, etag, requestId },
        at: modified,
        region: service.region,
        sequencer: service.sequencer(modified),
        sourceAddress: message.socket.remoteAddress ?? "",
      }),
    );
}
