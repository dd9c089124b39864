import { dynamoDBClient, s3Client } from "./clients.ts";
import type { Deployment } from "./deployment.ts";
import type { Bucket } from "./objects.ts";
import { type Sign, signerOf } from "./sign.ts";
import type { Table } from "./table.ts";

/** Everything that a deployment keeps, ready to be read and written. */
export interface Store {
  logs: Bucket;
  lists: Bucket;
  table: Table;
  sign: Sign;
}

export function openStore(deployment: Deployment): Store {
  const s3 = s3Client(deployment);
  return {
    logs: { client: s3, name: deployment.logsBucket },
    lists: { client: s3, name: deployment.listsBucket },
    table: { client: dynamoDBClient(deployment), name: deployment.table },
    sign: signerOf(deployment),
  };
}

export function closeStore(store: Store): void {
  store.logs.client.destroy();
  store.table.client.destroy();
}
