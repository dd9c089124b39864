import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { ThrottledError, writeItems } from "../../functions/store/batch.ts";
import { dynamoDBClient } from "../../functions/store/clients.ts";
import type { Item, Table } from "../../functions/store/table.ts";

type Answer = (requests: unknown[], call: number) => { status: number; body: unknown };

const items = (count: number): Item[] =>
  Array.from({ length: count }, (_, n) => ({ pk: "p", sk: String(n) }));
const unprocessed = (requests: unknown[]) => ({
  status: 200,
  body: { UnprocessedItems: { counters: requests } },
});
const DONE = { status: 200, body: { UnprocessedItems: {} } };

test("what was not processed is written again, and nothing else", async () => {
  const { table, calls } = await startTable((requests, call) =>
    call === 0 ? unprocessed(requests.slice(0, 3)) : DONE,
  );
  await writeItems(table, items(25));
  expect(calls.map((requests) => requests.length)).toEqual([25, 3]);
});

test("no batch has an item twice: DynamoDB would refuse it", async () => {
  const { table, calls } = await startTable(() => DONE);
  const names = items(30);
  await writeItems(table, [], [...names.slice(0, 3), ...names, ...names.slice(20)]);
  const keys = calls.map((requests) => requests.map((request) => JSON.stringify(request)));
  for (const batch of keys) expect(new Set(batch).size).toBe(batch.length);
  expect(new Set(keys.flat()).size).toBe(30);
});

test("a table that goes on refusing ends in an error, after a bound of tries", {
  timeout: 60_000,
}, async () => {
  const { table, calls } = await startTable((requests) => unprocessed(requests));
  await expect(writeItems(table, items(2))).rejects.toThrow(ThrottledError);
  expect(calls).toHaveLength(8);
});

test("after a failure no write is under way, and none begins", async () => {
  const { table, calls, open } = await startTable((_requests, call) =>
    call === 2 ? { status: 400, body: { __type: "x#ValidationException", message: "no" } } : DONE,
  );
  await expect(writeItems(table, items(2000))).rejects.toThrow("no");
  expect(open()).toBe(0);
  const before = calls.length;
  await sleep(100);
  expect(calls.length).toBe(before);
  expect(before).toBeLessThan(2000 / 25);
});

test("rows that cannot be made end the writing of the others in the same way", async () => {
  const { table, open } = await startTable(() => DONE);
  function* broken() {
    yield* items(200);
    throw new Error("broken");
  }
  await expect(writeItems(table, broken())).rejects.toThrow("broken");
  expect(open()).toBe(0);
});

/** A server that speaks as much of DynamoDB as BatchWriteItem needs, each answer 20 ms late. */
async function startTable(answer: Answer) {
  const calls: unknown[][] = [];
  let open = 0;
  const server = createServer(async (request, response) => {
    open++;
    let text = "";
    for await (const chunk of request) text += chunk;
    const requests = (JSON.parse(text) as { RequestItems: { counters: unknown[] } }).RequestItems.counters;
    const { status, body } = answer(requests, calls.push(requests) - 1);
    await sleep(20);
    open--;
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = dynamoDBClient({
    ...{ region: "us-east-1", logsBucket: "logs", listsBucket: "lists", table: "counters" },
    ...{ signer: { keyFile: "" }, retentionDays: 1, userNames: "hashed" as const },
    endpoints: { dynamodb: endpoint },
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  onTestFinished(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  const table: Table = { client, name: "counters" };
  return { table, calls, open: () => open };
}
