import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { type RunningS3, startS3 } from "../../local/s3/server.ts";
import { defineChecks } from "../conformance/define.ts";
import { type Opened, openTarget } from "../conformance/run.ts";
import { allOf } from "./s3.ts";

describe("the embedded S3", () => {
  let dir: string;
  let s3: RunningS3;
  let opened: Opened;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "fleetban-test-"));
    s3 = await startS3({
      dir,
      buckets: ["lists"],
      keys: [{ id: "id", secret: "secret", allow: allOf("lists") }],
    });
    const server = { endpoint: s3.endpoint, region: "us-east-1", accessKey: "id", secretKey: "secret" };
    opened = await openTarget(server, "lists");
  });

  afterAll(async () => {
    await opened?.close();
    await s3?.close();
    await rm(dir, { recursive: true, force: true });
  });

  defineChecks(() => ({ target: opened.target, known: {} }));
});
