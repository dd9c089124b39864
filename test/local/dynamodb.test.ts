import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { Deployment } from "../../functions/store/deployment.ts";
import { closeStore, openStore } from "../../functions/store/store.ts";
import { getItem, putItem } from "../../functions/store/table.ts";
import { startDynamoDB } from "../../local/dynamodb.ts";
import { temporaryFolder } from "./folders.ts";

const key = { accessKeyId: "FLBNTEST", secretAccessKey: "secret" };

async function testDatabase() {
  const base = {
    region: "us-east-1",
    logsBucket: "logs",
    listsBucket: "lists",
    table: "counters",
    signer: { keyFile: "key.pem" },
    retentionDays: 30,
    userNames: "hashed" as const,
    credentials: key,
  };
  const failures: Error[] = [];
  const dir = await temporaryFolder();
  const database = await startDynamoDB({ dir, deployment: base, onFailure: (error) => failures.push(error) });
  onTestFinished(() => database.close());
  const deployment: Deployment = { ...base, endpoints: { dynamodb: database.endpoint } };
  return { ...database, deployment, failures };
}

function tableOf(deployment: Deployment) {
  const store = openStore(deployment);
  onTestFinished(() => closeStore(store));
  return store.table;
}

test("stores items, of any text", async () => {
  const { deployment } = await testDatabase();
  const table = tableOf(deployment);
  const item = { pk: "rows", sk: "użytkownik \u0000 😀", expires: 1 };
  await putItem(table, item);
  expect(await getItem(table, { pk: item.pk, sk: item.sk })).toEqual(item);
});

test.each([
  ["another secret", { ...key, secretAccessKey: "guess" }],
  ["another key", { ...key, accessKeyId: "FLBNOTHER" }],
])("refuses what is signed with %s", async (_, credentials) => {
  const { deployment } = await testDatabase();
  await expect(putItem(tableOf({ ...deployment, credentials }), { pk: "a", sk: "b" })).rejects.toMatchObject({
    name: "InvalidSignatureException",
  });
});

test.each([
  ["nothing", {}],
  ["a signature of another body", { authorization: signatureOf("0".repeat(64)) }],
  ["a malformed signature", { authorization: "AWS4-HMAC-SHA256 Credential=FLBNTEST" }],
  ["an origin, as a browser sends it", { origin: "https://example.org" }],
])(
  "refuses a request with %s, and gives no leave to web pages",
  async (_, headers: Record<string, string>) => {
    const { endpoint } = await testDatabase();
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.ListTables",
        "x-amz-date": "20261124T000000Z",
        ...headers,
      },
      body: "{}",
    });
    expect(response.status).toBe(403);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  },
);

test("clients that go away in the middle of a request, or send too much, do not end it", async () => {
  const { deployment, endpoint, failures } = await testDatabase();
  const port = Number(new URL(endpoint).port);
  const send = async (body: string, then: (socket: Socket) => unknown) => {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    const closed = new Promise((resolve) => socket.resume().once("close", resolve));
    const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${32 * 1024 * 1024}\r\n\r\n`;
    socket.write(head + body, () => then(socket));
    await closed;
  };
  await send('{"half', (socket) => socket.resetAndDestroy());
  // cut off by the server
  await send("x".repeat(17 * 1024 * 1024), () => {});
  const table = tableOf(deployment);
  await putItem(table, { pk: "a", sk: "b" });
  expect(await getItem(table, { pk: "a", sk: "b" })).toEqual({ pk: "a", sk: "b" });
  expect(failures).toEqual([]);
});

function signatureOf(signature: string): string {
  const scope = "FLBNTEST/20261124/us-east-1/dynamodb/aws4_request";
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
}
