import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { onTestFinished } from "vitest";
import { run } from "./programs.ts";

export interface FrontOptions {
  /** Speaks TLS with this key and certificate. */
  tls?: { key: string; cert: string };
  /** Whether the answer to a request gets lost after the request was done. */
  loses?: (request: IncomingMessage) => boolean;
  /** Whether a request is answered with 503, and not passed on. */
  refuses?: (request: IncomingMessage) => boolean;
}

/** A server that passes requests on, as they are, to one on the loopback; its endpoint. */
export async function startFront(target: string, { tls, loses, refuses }: FrontOptions): Promise<string> {
  const { port } = new URL(target);
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method, url: path, headers } = incoming;
    if (refuses?.(incoming)) return void outgoing.writeHead(503, { connection: "close" }).end();
    const passed = request({ host: "127.0.0.1", port, method, path, headers, agent: false });
    incoming.pipe(passed);
    const [reply] = (await once(passed, "response")) as [IncomingMessage];
    if (loses?.(incoming)) return void incoming.socket.destroy();
    outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
    reply.pipe(outgoing);
  };
  const server = tls === undefined ? createServer(handle) : createTlsServer(tls, handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy for TLS (CONNECT, RFC 9110 9.3.6), and whom it was asked for. */
export async function startConnectProxy(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const proxy = createServer().on("connect", ({ url = "" }, client) => {
    asked.push(url);
    const [host, port] = url.split(":");
    const server = connect(Number(port), host, () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on("error", () => undefined);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(() => void proxy.close());
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

/** A key and a certificate for 127.0.0.1, signed by itself, as files `PATH.key` and `PATH.crt`. */
export async function makeCertificate(path: string): Promise<void> {
  const [key, cert] = [`${path}.key`, `${path}.crt`];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const of = ["-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1"];
  const made = await run(["openssl", "req", "-x509", ...kind, ...of, "-keyout", key, "-out", cert]);
  if (made.code !== 0) throw new Error(made.stderr);
}
