import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { clientConfig, s3Client } from "../../functions/store/clients.ts";
import type { Deployment } from "../../functions/store/deployment.ts";
import { putObject } from "../../functions/store/objects.ts";
import { closeStore, openStore } from "../../functions/store/store.ts";
import { putItem } from "../../functions/store/table.ts";
import { addHost, connectStack } from "../../local/connect.ts";
import { type StackOptions, startStack } from "../../local/stack.ts";
import { temporaryFolder } from "./folders.ts";
import { readRows, rowHandlers } from "./rows.ts";

async function testStack(options: Partial<StackOptions<unknown>> = {}) {
  const dataDir = options.dataDir ?? join(await temporaryFolder(), "data");
  const stack = await startStack({ handlers: rowHandlers, ...options, dataDir });
  onTestFinished(() => stack.stop());
  return { stack, dataDir };
}

function put(deployment: Deployment, key: string, text: string): Promise<boolean> {
  const bucket = { client: s3Client(deployment), name: deployment.logsBucket };
  return putObject(bucket, key, text, { condition: { ifNoneMatch: "*" } }).finally(() =>
    bucket.client.destroy(),
  );
}

/** Does not wait for a server that was killed to come back. */
function impatientClient(deployment: Deployment): S3Client {
  const endpoint = deployment.endpoints?.s3;
  return new S3Client({ ...clientConfig(deployment, endpoint), forcePathStyle: true, maxAttempts: 1 });
}

/** Starts a stack in another process; it is killed with the test at the latest. */
async function otherProcess(dataDir: string) {
  const script = fileURLToPath(new URL("./stack-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exit;
  });
  await once(child.stdout, "data");
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exit;
  };
  return { pid: child.pid, end };
}

test("what is put into the logs bucket is ingested, once the stack is drained", async () => {
  const { stack } = await testStack();
  expect(await put(stack.deployment, "mx1/mail.log", "one")).toBe(true);
  expect(await put(stack.deployment, "mx2/mail.log", "two")).toBe(true);
  expect(await stack.drain()).toEqual({ waiting: 0, unreleased: 0, dead: 0 });
  expect(await readRows(stack.deployment)).toEqual({ "mx1/mail.log": "one", "mx2/mail.log": "two" });
});

test("what is put into the lists bucket is not ingested", async () => {
  const events: unknown[] = [];
  const handlers = { ...rowHandlers, ingest: () => async (event: unknown) => void events.push(event) };
  const { stack } = await testStack({ handlers });
  const { listsBucket, logsBucket } = stack.deployment;
  await put({ ...stack.deployment, logsBucket: listsBucket }, "report/index.html", "<p>");
  await put({ ...stack.deployment, logsBucket }, "mx1/mail.log", "one");
  await stack.drain();
  expect(events).toHaveLength(1);
});

test("publishes for the moment asked for, and serves on a schedule until stopped", async () => {
  const published: (number | undefined)[] = [];
  const handlers = {
    ...rowHandlers,
    publish: () => async (event: { now?: number }) => published.push(event.now),
  };
  const { stack } = await testStack({ handlers });
  expect(await stack.publishNow(1_795_000_000)).toBe(1);
  const serving = stack.serve({ publishSeconds: 0.01 });
  await expect.poll(() => published.length).toBeGreaterThan(3);
  await stack.stop();
  await serving;
  expect(published.slice(0, 3)).toEqual([1_795_000_000, undefined, undefined]);
});

test("all in the data folder is closed to other users, and the public key is there to be handed out", async () => {
  const { dataDir } = await testStack();
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  for (const file of ["stack.json", "signing-key.pem", "keys/admin.json"]) {
    expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600);
  }
  expect(await readFile(join(dataDir, "signing-key.pub.pem"), "utf8")).toMatch(
    /^-----BEGIN PUBLIC KEY-----\n/,
  );
});

test("keys, objects and rows are the same after a stop and a start", async () => {
  const first = await testStack();
  await put(first.stack.deployment, "mx1/mail.log", "one");
  await first.stack.drain();
  const signingKey = await readFile(join(first.dataDir, "signing-key.pem"), "utf8");
  await first.stack.stop();
  const { stack } = await testStack({ dataDir: first.dataDir });
  expect(stack.deployment.credentials).toEqual(first.stack.deployment.credentials);
  expect(await readFile(join(first.dataDir, "signing-key.pem"), "utf8")).toBe(signingKey);
  expect(await put(stack.deployment, "mx1/mail.log", "another")).toBe(false);
  expect(await readRows(stack.deployment)).toEqual({ "mx1/mail.log": "one" });
});

test("a second start on the folder names the process that has it, and disturbs nothing", async () => {
  const { stack, dataDir } = await testStack();
  await expect(startStack({ dataDir, handlers: rowHandlers })).rejects.toMatchObject({
    name: "StackRunningError",
    pid: process.pid,
    message: `${dataDir} is in use by process ${process.pid}; stop it first, or use another folder`,
  });
  await put(stack.deployment, "mx1/mail.log", "one");
  await stack.drain();
  expect(await readRows(stack.deployment)).toEqual({ "mx1/mail.log": "one" });
});

test("of several starts at once one succeeds, the others name it", async () => {
  const dataDir = join(await temporaryFolder(), "data");
  const starts = await Promise.allSettled([1, 2, 3].map(() => testStack({ dataDir })));
  expect(starts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const start of starts) {
    if (start.status === "rejected")
      expect(start.reason).toMatchObject({ name: "StackRunningError", pid: process.pid });
  }
});

test("a stack of another process is found, fed and waited for; after its end it is not found", async () => {
  const dataDir = join(await temporaryFolder(), "data");
  expect(await connectStack(dataDir)).toBeUndefined();
  const other = await otherProcess(dataDir);
  await expect(startStack({ dataDir, handlers: rowHandlers })).rejects.toMatchObject({ pid: other.pid });
  const found = await connectStack(dataDir);
  expect(found).toMatchObject({ pid: other.pid });
  await put(found!.deployment, "mx1/mail.log", "one");
  await found!.drain();
  expect(await readRows(found!.deployment)).toEqual({ "mx1/mail.log": "one" });
  await other.end("SIGTERM");
  expect(await readdir(dataDir)).not.toContain("stack.json");
  expect(await connectStack(dataDir)).toBeUndefined();
});

test("after kill -9 the folder is free: the dead process is not found, a new one takes over", async () => {
  const dataDir = join(await temporaryFolder(), "data");
  const other = await otherProcess(dataDir);
  await other.end("SIGKILL");
  expect(await readdir(dataDir)).toContain("stack.json");
  expect(await connectStack(dataDir)).toBeUndefined();
  await testStack({ dataDir });
  expect(await connectStack(dataDir)).toMatchObject({ pid: process.pid });
});

test("another process that got the id of a killed one is not taken for it", async () => {
  const { stack, dataDir } = await testStack();
  await stack.stop();
  const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  const stale = { pid: process.pid, startTime: "1", boot, deployment: stack.deployment };
  await writeFile(join(dataDir, "stack.json"), JSON.stringify(stale));
  expect(await connectStack(dataDir)).toBeUndefined();
});

test("killed again and again while objects come in, it loses none that it acknowledged", async () => {
  const dataDir = join(await temporaryFolder(), "data");
  const acknowledged: Record<string, string> = {};
  for (let round = 0; round < 3; round += 1) {
    const other = await otherProcess(dataDir);
    const { deployment } = (await connectStack(dataDir))!;
    const bucket = { client: impatientClient(deployment), name: deployment.logsBucket };
    const enough = Object.keys(acknowledged).length + 10 + round;
    const send = async (sender: number, count = 0): Promise<void> => {
      const key = `mx${sender}/${round}-${count}.log`;
      if (!(await putObject(bucket, key, key, { condition: { ifNoneMatch: "*" } }).catch(() => false)))
        return;
      acknowledged[key] = key;
      // the other senders are in the middle of something
      if (Object.keys(acknowledged).length === enough) await other.end("SIGKILL");
      await send(sender, count + 1);
    };
    await Promise.all([send(1), send(2), send(3)]);
  }
  const { stack } = await testStack({ dataDir });
  await stack.drain();
  expect(await readRows(stack.deployment)).toMatchObject(acknowledged);
}, 60_000);

test("a database that was moved away is made anew from the stored objects", async () => {
  const { stack, dataDir } = await testStack();
  for (const host of ["mx1", "mx2"]) await put(stack.deployment, `${host}/mail.log`, host);
  await stack.drain();
  await stack.stop();
  await rename(join(dataDir, "dynamodb"), join(dataDir, "dynamodb.broken"));
  const again = await testStack({ dataDir });
  await again.stack.drain();
  expect(await readRows(again.stack.deployment)).toEqual({ "mx1/mail.log": "mx1", "mx2/mail.log": "mx2" });
});

test("after a power cut all objects are queued again; after a kill or a stop they are not", async () => {
  let ingested = 0;
  const ingest = () => async () => {
    ingested += 1;
    return undefined;
  };
  const options = { handlers: { ...rowHandlers, ingest } };
  const first = await testStack(options);
  const { dataDir } = first;
  await put(first.stack.deployment, "mx1/mail.log", "one");
  await first.stack.drain();
  await first.stack.stop();
  const state = JSON.parse(await readFile(join(dataDir, "database.json"), "utf8"));
  const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  for (const [left, expected] of [
    [{ ...state }, 1],
    [{ ...state, boot }, 1],
    [{ ...state, boot: "ac0b52f6-2f75-4a6a-a1a4-0f1f1a1ec6d5" }, 2],
  ]) {
    await writeFile(join(dataDir, "database.json"), JSON.stringify(left));
    const { stack } = await testStack({ ...options, dataDir });
    await stack.drain();
    await stack.stop();
    expect(ingested).toBe(expected);
  }
});

test.each([
  ["its MANIFEST is cut off", (dir: string, names: string[]) => truncate(join(dir, manifestOf(names)), 10)],
  ["its CURRENT is gone", (dir: string) => rm(join(dir, "CURRENT"))],
  ["its CURRENT is nonsense", (dir: string) => writeFile(join(dir, "CURRENT"), "x")],
])("a database is called damaged, with what to do, if %s", async (_, damage) => {
  const { stack, dataDir } = await testStack();
  await stack.stop();
  const dir = join(dataDir, "dynamodb");
  await damage(dir, await readdir(dir));
  await expect(startStack({ dataDir, handlers: rowHandlers })).rejects.toMatchObject({
    name: "CorruptDataError",
    message: expect.stringMatching(
      /dynamodb holds a damaged database \(.+\); move that folder away and start again/,
    ),
  });
});

test.each([
  ["keys/admin.json", "{"],
  ["keys/admin.json", "null"],
  ["keys/hosts/mx1.json", '{"accessKeyId":1}'],
  ["signing-key.pem", "-----BEGIN PRIVATE KEY-----\n"],
])("a damaged %s is named: %j", async (file, content) => {
  const { stack, dataDir } = await testStack();
  await stack.stop();
  await writeFile(join(dataDir, file), content);
  await expect(startStack({ dataDir, handlers: rowHandlers })).rejects.toMatchObject({
    name: "CorruptDataError",
    message: expect.stringContaining(join(dataDir, file)),
  });
});

test("a folder of a later version is refused, and of no version if it holds anything", async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, "version"), "2\n");
  await expect(startStack({ dataDir: dir, handlers: rowHandlers })).rejects.toThrow(
    `${dir} holds data of version "2", this fleetban reads version "1"`,
  );
  await rename(join(dir, "version"), join(dir, "thesis.tex"));
  await expect(startStack({ dataDir: dir, handlers: rowHandlers })).rejects.toMatchObject({
    name: "ForeignFolderError",
  });
  expect(await readdir(dir)).toEqual(["thesis.tex"]);
});

test("an empty folder is taken, and closed to others", async () => {
  const dir = join(await temporaryFolder(), "empty");
  await mkdir(dir, { mode: 0o755 });
  await testStack({ dataDir: dir });
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
});

test("a folder that cannot be made is named with the reason", async () => {
  const file = join(await temporaryFolder(), "file");
  await writeFile(file, "");
  for (const dataDir of [file, join(file, "data"), "/proc/fleetban"]) {
    await expect(startStack({ dataDir, handlers: rowHandlers })).rejects.toMatchObject({
      name: "UnusableFolderError",
      message: expect.stringContaining(`cannot use ${dataDir} as data folder: E`),
    });
  }
});

test("a port in use is named, and the folder is free again", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void taken.close());
  await once(taken, "listening");
  const s3Port = (taken.address() as AddressInfo).port;
  const dataDir = join(await temporaryFolder(), "data");
  await expect(startStack({ dataDir, s3Port, handlers: rowHandlers })).rejects.toThrow(`port ${s3Port}`);
  await testStack({ dataDir });
});

test("a host's key puts and lists under the host's name only, also if it is added while the stack runs", async () => {
  const { stack, dataDir } = await testStack();
  const credentials = await addHost(dataDir, "mx1");
  expect(await addHost(dataDir, "mx1")).toEqual(credentials);
  const asHost = { ...stack.deployment, credentials };
  expect(await put(asHost, "mx1/mail.log", "one")).toBe(true);
  await expect(put(asHost, "mx2/mail.log", "forged")).rejects.toMatchObject({ name: "AccessDenied" });
  await expect(readRows(asHost)).rejects.toMatchObject({ name: "InvalidSignatureException" });
});

test.each(["", "..", "a/b", "-x", "a b", "x".repeat(254)])("%j is no host", async (name) => {
  await expect(addHost(join(await temporaryFolder(), "data"), name)).rejects.toMatchObject({
    name: "HostNameError",
  });
});

test("drain says what became a dead letter; a start takes it up again", async () => {
  const handlers = { ...rowHandlers, ingest: () => () => Promise.reject(new Error("broken")) };
  const errors: unknown[] = [];
  const { stack, dataDir } = await testStack({
    handlers,
    onError: (error) => errors.push(error),
    maxReceiveCount: 1,
  });
  await put(stack.deployment, "mx1/mail.log", "one");
  expect(await stack.drain()).toEqual({ waiting: 0, unreleased: 0, dead: 1 });
  expect(errors).toEqual([new Error("broken")]);
  await stack.stop();
  const again = await testStack({ dataDir });
  expect(await again.stack.drain()).toEqual({ waiting: 0, unreleased: 0, dead: 0 });
  expect(await readRows(again.stack.deployment)).toEqual({ "mx1/mail.log": "one" });
});

test("whoever waits is told if the database fails under it; what it had acknowledged is there at the next start", async () => {
  const { stack, dataDir } = await testStack({
    handlers: { ...rowHandlers, ingest: () => () => Promise.reject(new Error("busy")) },
  });
  await put(stack.deployment, "mx1/mail.log", "one");
  const store = openStore(stack.deployment);
  onTestFinished(() => closeStore(store));
  await rename(join(dataDir, "dynamodb"), join(dataDir, "elsewhere"));
  // LevelDB begins a new file every 4 MB, and cannot
  const text = "x".repeat(300_000);
  const write = async (count = 0): Promise<void> => {
    await putItem(store.table, { pk: "rows", sk: String(count), text });
    await write(count + 1);
  };
  await Promise.all([
    expect(write()).rejects.toThrow(),
    expect(stack.drain()).rejects.toMatchObject({
      name: "DatabaseFailedError",
      message: expect.stringMatching(/dynamodb failed: .+; nothing is lost: start again when that is mended/),
    }),
  ]);
  await stack.stop();
  await rename(join(dataDir, "elsewhere"), join(dataDir, "dynamodb"));
  const again = await testStack({ dataDir });
  await again.stack.drain();
  expect(await readRows(again.stack.deployment)).toMatchObject({ "mx1/mail.log": "one", 0: text });
});

test("whoever waits is told if the stack is stopped before all is ingested", async () => {
  const handlers = { ...rowHandlers, ingest: () => () => Promise.reject(new Error("broken")) };
  const { stack } = await testStack({ handlers });
  await put(stack.deployment, "mx1/mail.log", "one");
  const draining = stack.drain();
  await Promise.all([expect(draining).rejects.toMatchObject({ name: "StackStoppedError" }), stack.stop()]);
});

function manifestOf(names: string[]): string {
  return names.find((name) => name.startsWith("MANIFEST")) as string;
}
