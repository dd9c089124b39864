import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { dynamoDBClient, s3Client } from "../../functions/store/clients.ts";
import type { Deployment } from "../../functions/store/deployment.ts";

afterEach(() => vi.unstubAllEnvs());

/** A deployment whose services answer with a status and remember what they were asked. */
async function answering(status: number) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    request.resume().on("end", () => response.writeHead(status).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const deployment: Deployment = {
    region: "us-east-1",
    logsBucket: "logs",
    listsBucket: "lists",
    table: "counters",
    signer: { keyFile: "key.pem" },
    retentionDays: 30,
    userNames: "hashed",
    endpoints: { s3: endpoint, dynamodb: endpoint },
    credentials: { accessKeyId: "FLBNTEST", secretAccessKey: "secret" },
  };
  return { deployment, requests };
}

function stubEnvironment(): void {
  // each of these would change the request, or be refused by the SDK, if it were looked at
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAFROMENV");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "env");
  vi.stubEnv("AWS_REGION", "eu-west-1");
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
  vi.stubEnv("AWS_MAX_ATTEMPTS", "none");
  vi.stubEnv("AWS_RETRY_MODE", "nonsense");
  vi.stubEnv("AWS_USE_FIPS_ENDPOINT", "nonsense");
  vi.stubEnv("AWS_USE_DUALSTACK_ENDPOINT", "nonsense");
  vi.stubEnv("AWS_ACCOUNT_ID_ENDPOINT_MODE", "nonsense");
  vi.stubEnv("AWS_S3_USE_ARN_REGION", "nonsense");
  vi.stubEnv("AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", "nonsense");
  vi.stubEnv("AWS_REQUEST_CHECKSUM_CALCULATION", "nonsense");
  vi.stubEnv("AWS_RESPONSE_CHECKSUM_VALIDATION", "nonsense");
  vi.stubEnv("AWS_ENABLE_ENDPOINT_DISCOVERY", "nonsense");
  vi.stubEnv("AWS_PROFILE", "missing");
}

test("S3 is asked at the endpoint, path-style, with the given key and region, whatever the environment says", async () => {
  stubEnvironment();
  const { deployment, requests } = await answering(200);
  await s3Client(deployment).send(new ListObjectsV2Command({ Bucket: "logs" }));
  expect(requests.map((request) => request.url)).toEqual(["/logs/?list-type=2"]);
  expect(requests[0]?.headers.authorization).toMatch(
    /Credential=FLBNTEST\/\d{8}\/us-east-1\/s3\/aws4_request,/,
  );
});

test("DynamoDB likewise", async () => {
  stubEnvironment();
  const { deployment, requests } = await answering(200);
  await dynamoDBClient(deployment).send(new ListTablesCommand());
  expect(requests[0]?.headers.authorization).toMatch(
    /Credential=FLBNTEST\/\d{8}\/us-east-1\/dynamodb\/aws4_request,/,
  );
});

test("a service that fails is asked five times, no more", async () => {
  const { deployment, requests } = await answering(500);
  await expect(s3Client(deployment).send(new ListObjectsV2Command({ Bucket: "logs" }))).rejects.toThrow();
  expect(requests).toHaveLength(5);
});

test("the deployment's credentials are left as they are", async () => {
  const { deployment } = await answering(200);
  await s3Client(deployment).send(new ListObjectsV2Command({ Bucket: "logs" }));
  expect(deployment.credentials).toEqual({ accessKeyId: "FLBNTEST", secretAccessKey: "secret" });
});
