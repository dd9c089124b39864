import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type { Credentials, Deployment } from "./deployment.ts";

/**
 * First try included. Retry mode "standard" waits up to 20 s between tries, with full jitter, and holds a token
 * bucket, so a service that is down is not hammered. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const ATTEMPTS = 5;

const CONNECT_MS = 5_000;

/** Longest silence on a connection, between two packets; not the time that a whole object takes. */
const IDLE_MS = 60_000;

const CONNECTIONS = 50;

/** An S3 client for the deployment; path-style (`/bucket/key`) where the deployment has an endpoint of its own. */
export function s3Client(deployment: Deployment): S3Client {
  const endpoint = deployment.endpoints?.s3;
  return new S3Client({
    ...clientConfig(deployment, endpoint),
    forcePathStyle: endpoint !== undefined,
    requestChecksumCalculation: "WHEN_SUPPORTED",
    responseChecksumValidation: "WHEN_SUPPORTED",
    disableS3ExpressSessionAuth: true,
    useArnRegion: false,
  });
}

/** A DynamoDB client for the deployment. */
export function dynamoDBClient(deployment: Deployment): DynamoDBClient {
  const client = new DynamoDBClient({
    ...clientConfig(deployment, deployment.endpoints?.dynamodb),
    accountIdEndpointMode: "disabled",
    endpointDiscoveryEnabled: false,
  });
  // it copies every item for a log that nobody keeps: a tenth of the client's work
  client.middlewareStack.remove("loggerMiddleware");
  return client;
}

interface ClientConfig {
  region: string;
  endpoint?: string;
  credentials?: Credentials;
  maxAttempts: number;
  retryMode: "standard";
  defaultsMode: "standard";
  useDualstackEndpoint: boolean;
  useFipsEndpoint: boolean;
  authSchemePreference: string[];
  requestHandler: object;
}

/**
 * What the clients of all services have in common. Each setting that the SDK would otherwise look up in the
 * environment or in ~/.aws is given here: a deployment with credentials reaches the same place from everywhere.
 */
export function clientConfig(deployment: Deployment, endpoint: string | undefined): ClientConfig {
  return {
    region: deployment.region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(deployment.credentials === undefined ? {} : { credentials: { ...deployment.credentials } }),
    maxAttempts: ATTEMPTS,
    retryMode: "standard",
    defaultsMode: "standard",
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    authSchemePreference: ["sigv4"],
    requestHandler: requestHandler(),
  };
}

function requestHandler(): object {
  const agent = { keepAlive: true, maxSockets: CONNECTIONS };
  return { connectionTimeout: CONNECT_MS, socketTimeout: IDLE_MS, httpAgent: agent, httpsAgent: agent };
}
