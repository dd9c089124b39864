import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { S3EventRecord } from "aws-lambda";
import { PortError } from "../errors.ts";
import type { AccessKey } from "./access.ts";
import { startSequencer } from "./event.ts";
import { type Service, serve } from "./serve.ts";
import { openStore } from "./store.ts";

export type { AccessKey, Grant } from "./access.ts";

/** Most bytes of a request's head: S3 takes 8 KiB, of which the keys and signatures of presigned URLs are half. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Milliseconds for a request's head, for silence on a connection, for a whole request. */
const HEADERS_TIMEOUT = 20_000;
const IDLE_TIMEOUT = 60_000;
const REQUEST_TIMEOUT = 3_600_000;
/** For idle connections; clients are told it by header Keep-Alive, so that they do not write to a closing one. */
const KEEP_ALIVE_TIMEOUT = 30_000;
/** Milliseconds that requests under way get to end when the server closes. */
const CLOSE_GRACE = 5_000;

export interface S3Options {
  /** Folder of the objects; made if it is not there. One process alone may use it. */
  dir: string;
  /** Their names; a bucket is made by being named here. */
  buckets: readonly string[];
  /** Who may do what; a function where keys change while the server runs. */
  keys: readonly AccessKey[] | (() => readonly AccessKey[]);
  /** 0 takes a free one. */
  port?: number;
  /** Loopback unless told otherwise. */
  host?: string;
  /** The only region that signatures may name. */
  region?: string;
  /**
   * Awaited when an object's data are on disk, just before it becomes visible; what it returns is called when it
   * is. A kill in between can leave a record of an object that never came, never an object without a record.
   */
  notify?: (record: S3EventRecord) => Promise<() => void>;
  /** UTC epoch seconds, fractions welcome. */
  now?: () => number;
  /** Told of errors that are this machine's: a full disk, a queue that fails. By default a line on stderr. */
  onError?: (error: unknown) => void;
}

export interface RunningS3 {
  /** `http://127.0.0.1:9000` */
  endpoint: string;
  port: number;
  /** Ends requests under way, or after five seconds cuts them. */
  close(): Promise<void>;
}

/**
 * Starts an S3 server on a folder: strict where S3 is, and refusing by name what it does not do.
 * @throws PortError, UnusableFolderError, CorruptDataError, BucketNameError
 */
export async function startS3(options: S3Options): Promise<RunningS3> {
  const { host = "127.0.0.1", port = 0, region = "us-east-1", keys, now = () => Date.now() / 1000 } = options;
  const service: Service = {
    store: await openStore(options.dir, options.buckets),
    keys: typeof keys === "function" ? keys : () => keys,
    region,
    now,
    notify: options.notify ?? (async () => () => undefined),
    sequencer: startSequencer(),
    onError:
      options.onError ?? ((error) => console.error(`s3: ${error instanceof Error ? error.message : error}`)),
  };
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    connectionsCheckingInterval: 5_000,
  });
  server.timeout = IDLE_TIMEOUT;
  const answer = (message: IncomingMessage, response: ServerResponse, waits: boolean) => {
    const requestId = randomBytes(8).toString("hex").toUpperCase();
    void serve(service, { message, response, requestId, waits });
  };
  server.on("request", (message, response) => answer(message, response, false));
  server.on("checkContinue", (message, response) => answer(message, response, true));
  const unused = unusedConnections(server);
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    endpoint: `http://${name}:${address.port}`,
    port: address.port,
    close() {
      closed ??= close(server, unused);
      return closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(new PortError(host, port, cause)));
    server.listen(port, host, resolve);
  });
}

/**
 * Connections on which nothing was asked yet. An agent opens some in store, and Node takes those for busy ones when it
 * closes idle connections.
 */
function unusedConnections(server: Server): Set<Socket> {
  const unused = new Set<Socket>();
  server.on("connection", (socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  for (const event of ["request", "checkContinue"]) {
    server.on(event, ({ socket }: IncomingMessage) => unused.delete(socket));
  }
  return unused;
}

function close(server: Server, unused: ReadonlySet<Socket>): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE);
  return new Promise((resolve, reject) => {
    server.close((error) => {
      clearTimeout(cut);
      if (error) reject(error);
      else resolve();
    });
    server.closeIdleConnections();
    for (const socket of unused) socket.destroy();
  });
}
