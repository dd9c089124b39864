import assert from "node:assert/strict";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { topic } from "./check.ts";
import { send, signHead, transmit } from "./raw.ts";
import { connect, newKey, putText, refuses, type Target } from "./target.ts";

const MINUTE = 60_000;

export const signatures = topic("signatures", {
  "a wrong secret: SignatureDoesNotMatch": async (target) => {
    const client = connect({ ...target, secretKey: `${target.secretKey}x` });
    const command = new GetObjectCommand({ Bucket: target.bucket, Key: newKey(target) });
    await refuses(client.send(command), 403, "SignatureDoesNotMatch");
  },

  "an unknown access key: InvalidAccessKeyId": async (target) => {
    const client = connect({ ...target, accessKey: "FLEETBANNOSUCHKEY" });
    const command = new GetObjectCommand({ Bucket: target.bucket, Key: newKey(target) });
    await refuses(client.send(command), 403, "InvalidAccessKeyId");
  },

  "no signature at all: AccessDenied": async (target) => {
    const answer = await fetch(`${target.endpoint}/${target.bucket}/${encodeURI(newKey(target))}`);
    assert.equal(answer.status, 403);
    assert.match(await answer.text(), /<Code>AccessDenied<\/Code>/);
  },

  "a clock that is 20 minutes off: RequestTimeTooSkewed": async (target) => {
    for (const off of [-20 * MINUTE, 20 * MINUTE]) {
      const answer = await send(target, {
        method: "GET",
        key: newKey(target),
        at: new Date(Date.now() + off),
      });
      assert.deepEqual([answer.status, answer.code], [403, "RequestTimeTooSkewed"]);
    }
  },

  "a clock that is 10 minutes off is taken": async (target) => {
    const key = await stored(target);
    for (const off of [-10 * MINUTE, 10 * MINUTE]) {
      const answer = await send(target, { method: "GET", key, at: new Date(Date.now() + off) });
      assert.equal(answer.status, 200, answer.code);
    }
  },

  "refused: a header x-amz-* that was not signed": async (target) => {
    const head = signHead(target, { method: "GET", key: await stored(target) });
    head.headers["x-amz-checksum-mode"] = "ENABLED";
    const answer = await transmit(target, "GET", head, new Uint8Array());
    assert.deepEqual([answer.status, answer.code], [403, "AccessDenied"]);
  },

  "refused: a header changed after signing": async (target) => {
    const head = signHead(target, {
      method: "GET",
      key: await stored(target),
      headers: { range: "bytes=0-0" },
    });
    head.headers.range = "bytes=0-1";
    const answer = await transmit(target, "GET", head, new Uint8Array());
    assert.deepEqual([answer.status, answer.code], [403, "SignatureDoesNotMatch"]);
  },

  "header values with runs of blanks are signed with one": async (target) => {
    const headers = { "x-amz-meta-log-name": "mail   log" };
    const answer = await send(target, {
      method: "PUT",
      key: newKey(target),
      body: Buffer.from("x"),
      headers,
    });
    assert.deepEqual([answer.status, answer.code], [200, undefined]);
  },

  "query parameters are signed in order, however they are sent": async (target) => {
    const query = { prefix: target.prefix, "max-keys": "1", "list-type": "2", delimiter: "/" };
    const answer = await send(target, { method: "GET", key: "", query });
    assert.deepEqual([answer.status, answer.code], [200, undefined]);
  },
});

async function stored(target: Target): Promise<string> {
  const key = newKey(target, "mail log+ä");
  await putText(target, key, "0123456789");
  return key;
}
