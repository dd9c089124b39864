import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answerer } from "./partly.ts";
import type { Random } from "./random.ts";

/** A way to a server on which requests are refused, cut off, delayed, or answered to nobody. */
export interface FaultyProxy {
  endpoint: string;
  /** Settles when every request that was passed on has been dealt with. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** How many of a kind of trouble came about. */
export type Troubles = Record<keyof typeof RATES, number>;

const RATES = { refused: 0.03, cut: 0.02, "lost reply": 0.04, delayed: 0.03, unprocessed: 0.1 };

/**
 * `service`: how it refuses. Bodies are passed on as they are, so signatures hold; `partly` answers some batches in the server's
 * place.
 */
export async function startProxy(
  target: string,
  service: "s3" | "dynamodb",
  random: Random,
  troubles: Troubles,
  partly?: Answerer,
): Promise<FaultyProxy> {
  const agent = new Agent({ keepAlive: true });
  const underWay = new Set<Promise<void>>();
  const happens = (trouble: keyof typeof RATES) => {
    const does = random.chance(RATES[trouble]);
    if (does) troubles[trouble]++;
    return does;
  };
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await readAll(incoming);
    if (happens("delayed")) await sleep(random.below(60));
    if (incoming.socket.destroyed) return;
    if (happens("refused")) return refuse(service, random, outgoing);
    if (happens("cut")) return void incoming.socket.destroy();
    const isPartly = partly !== undefined && isBatch(incoming) && happens("unprocessed");
    const reply = isPartly ? answer(await partly(body)) : await pass(target, agent, incoming, body);
    if (happens("lost reply")) return void incoming.socket.destroy();
    outgoing.writeHead(reply.status, reply.headers).end(reply.body);
  };
  const server = createServer((incoming, outgoing) => {
    const work = handle(incoming, outgoing).catch(() => void incoming.socket.destroy());
    underWay.add(work);
    work.finally(() => underWay.delete(work));
  });
  server.on("connection", (socket: Socket) => socket.setNoDelay(true));
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    settled: async () => void (await Promise.all(underWay)),
    close: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

interface Reply {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

async function pass(target: string, agent: Agent, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
  const { hostname, port } = new URL(target);
  const { method, url: path, headers } = incoming;
  const passed = request({ hostname, port, method, path, headers, agent });
  passed.end(body);
  const [reply] = (await once(passed, "response")) as [IncomingMessage];
  return { status: reply.statusCode ?? 500, headers: reply.headers, body: await readAll(reply) };
}

function isBatch({ headers }: IncomingMessage): boolean {
  return headers["x-amz-target"] === "DynamoDB_20120810.BatchWriteItem";
}

function answer(body: string): Reply {
  return { status: 200, headers: { "content-type": "application/x-amz-json-1.0" }, body: Buffer.from(body) };
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const THROTTLED = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException";

function refuse(service: "s3" | "dynamodb", random: Random, outgoing: ServerResponse): void {
  if (service === "dynamodb" && random.chance(0.6)) {
    const body = JSON.stringify({ __type: THROTTLED, message: "chaos" });
    outgoing.writeHead(400, { "content-type": "application/x-amz-json-1.0" }).end(body);
  } else if (service === "dynamodb") {
    const body = JSON.stringify({ __type: "com.amazonaws.dynamodb.v20120810#InternalServerError" });
    outgoing.writeHead(500, { "content-type": "application/x-amz-json-1.0" }).end(body);
  } else {
    const [status, code] = random.chance(0.5) ? [503, "SlowDown"] : [500, "InternalError"];
    const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>chaos</Message></Error>`;
    outgoing.writeHead(status as number, { "content-type": "application/xml" }).end(body);
  }
}
