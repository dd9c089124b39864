import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Speaks as DynamoDB does, and takes batches of rows without keeping them; all else goes to the real one. */
export interface RowSink {
  endpoint: string;
  /** Rows that were put. */
  rows(): number;
}

const PUT = "PutRequest";

export async function startRowSink(target: string): Promise<RowSink> {
  const agent = new Agent({ keepAlive: true });
  let rows = 0;
  const server = createServer(async (incoming, outgoing) => {
    const body = await readAll(incoming);
    const text = body.toString();
    // days are noted in batches, too
    if (!isBatch(incoming) || /"pk":\{"S":"day#/.test(text))
      return await pass(target, agent, incoming, body, outgoing);
    rows += text.split(PUT).length - 1;
    outgoing.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end('{"UnprocessedItems":{}}');
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    agent.destroy();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, rows: () => rows };
}

function isBatch({ headers }: IncomingMessage): boolean {
  return headers["x-amz-target"] === "DynamoDB_20120810.BatchWriteItem";
}

async function pass(
  target: string,
  agent: Agent,
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
) {
  const { hostname, port } = new URL(target);
  const { method, url: path, headers } = incoming;
  const passed = request({ hostname, port, method, path, headers, agent });
  passed.end(body);
  const [reply] = (await once(passed, "response")) as [IncomingMessage];
  outgoing.writeHead(reply.statusCode ?? 500, reply.headers).end(await readAll(reply));
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
