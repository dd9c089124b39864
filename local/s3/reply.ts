import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Reply } from "./context.ts";
import { S3Error } from "./errors.ts";
import { element, field } from "./xml.ts";

/** One request, its answer to be, and what of the body is still to come. */
export interface Exchange {
  message: IncomingMessage;
  response: ServerResponse;
  /** In the answer and in the event, so that both can be found. */
  requestId: string;
  /** The client waits for `100 Continue` before it sends its body. */
  waits: boolean;
}

/** Most bytes of a refused body that are read away. */
const MAX_DRAIN = 16 * 1024 * 1024;

/** Sends the answer; resolves when all of it is on its way. */
export async function send(exchange: Exchange, reply: Reply): Promise<void> {
  const { message, response } = exchange;
  if (response.destroyed) return;
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  response.setHeader("server", "fleetban");
  response.setHeader("x-amz-request-id", exchange.requestId);
  // a client that still waits may send its body or not: what comes next on this connection could be either
  if (exchange.waits) response.setHeader("connection", "close");
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

/**
 * Reads away what a refused client goes on sending: cut off at once, it would never see why; left alone, the
 * connection would hang. One that does not end is cut.
 */
export function drain({ message }: Exchange): void {
  if (message.complete) return;
  let left = MAX_DRAIN;
  message.on("error", () => undefined);
  message.on("data", (bytes: Buffer) => {
    left -= bytes.length;
    if (left < 0) message.destroy();
  });
}

/**
 * The error document (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). Of an error that is none
 * of S3's, only the system's code is told: the rest could name files of this machine.
 */
export function refuse(error: unknown, { message, requestId }: Exchange): Reply {
  const refusal = error instanceof S3Error ? error : internal(error);
  const content = [
    field("Code", refusal.code),
    field("Message", refusal.message),
    ...Object.entries(refusal.details).map(([name, value]) => field(name, value)),
    field("Resource", message.url?.split("?")[0]),
    field("RequestId", requestId),
  ];
  // S3 puts no namespace on errors
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${element("Error", ...content)}`;
  return { status: refusal.status, body };
}

function internal(error: unknown): S3Error {
  const code = error instanceof Error && "code" in error ? ` (${error.code})` : "";
  return new S3Error("InternalError", `We encountered an internal error. Please try again.${code}`);
}
