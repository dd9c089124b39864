import { writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { append, KEY_ID, logLines, SECRET, startHost, type TestHost } from "./factories.ts";
import { DONE, describeWith } from "./programs.ts";

const without = { "access-key-id": "", "secret-access-key": "" };
const KEYS = { AccessKeyId: KEY_ID, SecretAccessKey: SECRET };

describeWith(["curl", "openssl", "gzip", "flock"])("an access key that the configuration lacks", () => {
  let host: TestHost;
  let metadata: Server;
  beforeEach(async () => {
    host = await startHost(["sh"], without);
    metadata = createServer(instance);
    await new Promise<void>((listening) => metadata.listen(0, "127.0.0.1", listening));
    await append(host.log(), logLines(1));
  });
  afterEach(async () => {
    metadata.close();
    await host.stop();
  });

  const env = () => ({
    AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${(metadata.address() as AddressInfo).port}`,
  });
  const shipped = async () => (await host.segments()).length;

  test("comes from the environment", async () => {
    const keys = { AWS_ACCESS_KEY_ID: KEY_ID, AWS_SECRET_ACCESS_KEY: SECRET };
    expect(await host.ship(["--now"], { env: keys })).toEqual(DONE);
    expect(await shipped()).toBe(1);
  });

  const giveByProgram = async (keys: Record<string, string>) => {
    const program = join(host.dir, "give-key");
    const text = JSON.stringify({ Version: 1, ...keys }, null, 2);
    await writeFile(program, `#!/bin/sh\necho '${text}'\n`, { mode: 0o755 });
    await host.configure({ ...without, "credential-process": program });
  };

  test("comes from a program", async () => {
    await giveByProgram(KEYS);
    expect(await host.ship()).toEqual(DONE);
    expect(await shipped()).toBe(1);
  });

  test("comes from the environment or a program with its session token", async () => {
    const Token = { SessionToken: "session+token/=" };
    const keys = { AWS_ACCESS_KEY_ID: KEY_ID, AWS_SECRET_ACCESS_KEY: SECRET };
    const inEnvironment = { ...keys, AWS_SESSION_TOKEN: Token.SessionToken };
    expect(await host.ship(["--now"], { env: inEnvironment })).toMatchObject(TOKEN_SENT);
    await giveByProgram({ ...KEYS, ...Token });
    expect(await host.ship()).toMatchObject(TOKEN_SENT);
  });

  test.each(["curl", "openssl"])(
    "comes from the instance's role, with its session token, signed by %s",
    async (signer) => {
      await host.configure({ ...without, signer });
      expect(await host.ship(["--now"], { env: env() })).toMatchObject(TOKEN_SENT);
    },
  );

  test("is missed aloud", async () => {
    metadata.removeAllListeners("request");
    metadata.on("request", (_, response) => response.writeHead(404).end());
    expect(await host.ship(["--now"], { env: env() })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no access key"),
    });
  });
});

/** The local S3 has no sessions and says so: the token was sent. */
const TOKEN_SENT = { code: 1, stderr: expect.stringContaining("InvalidToken") };

/** IMDSv2 as an instance with a role answers. */
const instance: RequestListener = (request, response) => {
  const roles = "/latest/meta-data/iam/security-credentials/";
  const answers: Record<string, string> = {
    "PUT /latest/api/token": "TOKEN==",
    [`GET ${roles}`]: "mail-host",
    [`GET ${roles}mail-host`]: JSON.stringify(
      { Code: "Success", ...KEYS, Token: "session+token/=" },
      null,
      2,
    ),
  };
  const allowed = request.method === "PUT" || request.headers["x-aws-ec2-metadata-token"] === "TOKEN==";
  const answer = allowed ? answers[`${request.method} ${request.url}`] : undefined;
  response.writeHead(answer === undefined ? 401 : 200).end(answer);
};
