import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { type AccessKey, startS3 } from "../../local/s3/server.ts";
import { type Ended, HOST, type RunOptions, run } from "./programs.ts";

const NAME = "mx1.example.net";
const ADMIN: AccessKey = {
  id: "ADMIN",
  secret: "admin",
  allow: (["get", "put", "list", "delete"] as const).flatMap((action) =>
    ["logs", "lists"].map((bucket) => ({ action, bucket, prefix: "" })),
  ),
};
/** 64 characters, so that "AWS4" and it are longer than a block of SHA-256. */
export const SECRET = "s3cret/+s3cret-s3cret_s3cret~s3cret/+s3cret-s3cret_s3cret~abcdef";
export const KEY_ID = "AKIDMX1";
const OWN: AccessKey = {
  id: KEY_ID,
  secret: SECRET,
  allow: [
    { action: "put", bucket: "logs", prefix: `${NAME}/`, onlyNew: true },
    { action: "list", bucket: "logs", prefix: `${NAME}/` },
    { action: "get", bucket: "lists", prefix: "blocklist/" },
  ],
};

/** One object of the logs bucket, decompressed. */
export interface Segment {
  key: string;
  fingerprint: string;
  start: number;
  end: number;
  bytes: Buffer;
  metadata: Record<string, string>;
}

export type TestHost = Awaited<ReturnType<typeof startHost>>;

/** A mail host's folders and configuration, and an S3 server that knows its key. */
export async function startHost(
  command: readonly string[],
  extra: Record<string, string> = {},
  listen = "127.0.0.1",
) {
  const dir = await mkdtemp(join(tmpdir(), "fleetban-host-"));
  for (const folder of ["log", "keys.d"]) await mkdir(join(dir, folder));
  const s3 = await startS3({
    dir: join(dir, "s3"),
    buckets: ["logs", "lists"],
    keys: [ADMIN, OWN],
    host: listen,
  });
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: ADMIN.id, secretAccessKey: ADMIN.secret },
  });
  const config = join(dir, "fleetban.conf");
  const settings: Record<string, string> = {
    host: NAME,
    endpoint: s3.endpoint,
    "logs-bucket": "logs",
    "lists-bucket": "lists",
    "access-key-id": OWN.id,
    "secret-access-key": SECRET,
    log: join(dir, "log", "mail.log*"),
    keys: join(dir, "keys.d"),
    never: join(dir, "never"),
    state: join(dir, "state"),
    "time-zone": "Europe/Berlin",
    ...extra,
  };
  const configure = (changed: Record<string, string>) =>
    writeFile(config, linesOf({ ...settings, ...changed }), { mode: 0o600 });
  await configure({});
  return {
    dir,
    client,
    endpoint: s3.endpoint,
    configure,
    log: (name = "mail.log") => join(dir, "log", name),
    ship: (args: string[] = ["--now"], options?: RunOptions): Promise<Ended> =>
      run([...command, join(HOST, "ship"), "--config", config, ...args], options),
    apply: (args: string[] = [], options?: RunOptions): Promise<Ended> =>
      run([...command, join(HOST, "apply"), "--config", config, ...args], options),
    segments: () => readSegments(client),
    async stop() {
      client.destroy();
      await s3.close();
      await rm(dir, { recursive: true });
    },
  };
}

function linesOf(settings: Record<string, string>): string {
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
  return `# a comment\n\n${lines.join("")}`;
}

/** All segments, ordered by stream and start. */
async function readSegments(client: S3Client): Promise<Segment[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: "logs" }));
  return Promise.all(Contents.map(({ Key }) => readSegment(client, Key!)));
}

async function readSegment(client: S3Client, key: string): Promise<Segment> {
  const object = await client.send(new GetObjectCommand({ Bucket: "logs", Key: key }));
  const bytes = gunzipSync(await object.Body!.transformToByteArray());
  const match = /^mx1\.example\.net\/([0-9a-f]{16})\/(\d{15})-(\d{15})\.log\.gz$/.exec(key);
  if (match === null) throw new Error(`no segment's key: ${key}`);
  const [, fingerprint, start, end] = match as unknown as [string, string, string, string];
  return { key, fingerprint, start: Number(start), end: Number(end), bytes, metadata: object.Metadata ?? {} };
}

/** The log that segments make, per stream; throws where bytes are missing, come twice, or are cut within a line. */
export function joined(segments: readonly Segment[]): Map<string, Buffer> {
  const streams = new Map<string, Buffer>();
  for (const { key, fingerprint, start, end, bytes } of segments) {
    const before = streams.get(fingerprint) ?? Buffer.alloc(0);
    if (start !== before.length) throw new Error(`${key} does not continue at ${before.length}`);
    if (bytes.length !== end - start) throw new Error(`${key} holds ${bytes.length} bytes`);
    streams.set(fingerprint, Buffer.concat([before, bytes]));
  }
  return streams;
}

let written = 0;

/** So many lines as Postfix writes them, no two alike. */
export function logLines(count: number): string {
  return Array.from({ length: count }, () => {
    const number = ++written;
    const ip = `198.51.100.${number % 256}`;
    return `Nov 24 03:00:00 mx1 postfix/smtpd[${number}]: warning: unknown[${ip}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6\n`;
  }).join("");
}

export const append = (file: string, text: string | Uint8Array) => appendFile(file, text);

/** The files below a folder with what they hold, to see that nothing has changed. */
export async function stateFiles(dir: string): Promise<string[]> {
  return (await readdir(dir, { recursive: true })).sort();
}
