/**
 * The thread in which dynalite runs. It throws what its database reports, from wherever that arrives: here that ends the
 * thread, not the stack. And it works beside the thread that parses.
 */
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { parentPort, workerData } from "node:worker_threads";
import { ClassicLevel } from "classic-level";
import dynalite from "dynalite";
import type { Credentials } from "../functions/store/deployment.ts";
import { isSigned } from "./dynamodb-signature.ts";

export interface WorkerInput {
  dir: string;
  credentials: Credentials;
}

/** What the thread says, once. */
export type WorkerAnswer = { port: number } | { refused: "locked" | "corrupt" | "failed"; message: string };

/** DynamoDB's own limit. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Limits.html */
const MOST_BYTES = 16 * 1024 * 1024;

/** Longer than the client keeps idle connections, so that it never sends into one that is being closed. */
const KEEP_ALIVE_MS = 120_000;

/** How long requests under way may take after the stack was told to stop. */
const STOP_MS = 2_000;

const { dir, credentials } = workerData as WorkerInput;

say(await start().catch(refusal));

function say(answer: WorkerAnswer): void {
  parentPort?.postMessage(answer);
}

async function start(): Promise<WorkerAnswer> {
  await checkDatabase();
  const server = dynalite({ path: dir, createTableMs: 0 });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const serve = server.listeners("request")[0] as RequestListener;
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    pass(serve, request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  parentPort?.once("message", () => stop(server));
  return { port: (server.address() as AddressInfo).port };
}

/** Ends what is under way, closes the database; then nothing keeps the thread. */
function stop(server: Server): void {
  const cut = setTimeout(() => server.closeAllConnections(), STOP_MS);
  server.close(() => clearTimeout(cut));
}

/** dynalite does not tell why its database does not open; LevelDB does. */
async function checkDatabase(): Promise<void> {
  const files = await readdir(dir);
  // LevelDB would begin anew, and remove what it does not know
  if (!files.includes("CURRENT") && files.some((name) => /\.(ldb|log)$/.test(name))) {
    throw Object.assign(new Error("file CURRENT is missing"), { code: "LEVEL_CORRUPTION" });
  }
  const level = new ClassicLevel(dir);
  await level.open();
  await level.close();
}

function refusal(error: unknown): WorkerAnswer {
  // LevelDB's own error is the cause of one that only says "not open"
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
  const code = "code" in cause ? cause.code : undefined;
  const refused = code === "LEVEL_LOCKED" ? "locked" : code === "LEVEL_CORRUPTION" ? "corrupt" : "failed";
  return { refused, message: cause.message };
}

/** dynalite checks no signature, and would end the process when a client goes away: it gets whole requests only. */
async function pass(
  serve: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (!isSigned(request.headers, body, credentials)) {
    response.writeHead(403, { "content-type": "application/x-amz-json-1.0" }).end(FORBIDDEN);
    return;
  }
  const { headers, method, url } = request;
  serve(Object.assign(Readable.from([body]), { headers, method, url }) as IncomingMessage, response as never);
}

const FORBIDDEN = JSON.stringify({
  __type: "com.amazon.coral.service#InvalidSignatureException",
  message: "The request is not signed with the key of this data folder.",
});

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error("request too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
