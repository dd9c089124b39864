import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { deltaName, deltaOf } from "../../functions/list/delta.ts";
import { buildManifest, fileFacts, folderOf, type Manifest } from "../../functions/list/manifest.ts";

const now = () => Math.floor(Date.now() / 1000);

/** One list that was published: what a delta starts from. */
export interface PublishedList {
  manifest: Manifest;
  content: string;
}

/** What a list has that it would not have by itself. */
export interface ListOptions {
  /** The delta from it is offered. */
  from?: PublishedList;
  /** What is offered instead of the right delta. */
  delta?: string;
  changed?: Partial<Manifest>;
}

export type ListServer = Awaited<ReturnType<typeof startListServer>>;

/** A web server of signed lists that can misbehave, for `lists-url`. `sign` gives the whole manifest. */
export async function startListServer(address: string, sign: (text: string) => string) {
  const files = new Map<string, string>();
  const troubles = new Map<RegExp, RequestListener>();
  const requests: string[] = [];
  let serial = now();
  const server = createServer((request, response) => {
    const path = request.url!.slice(1);
    requests.push(path);
    for (const [pattern, trouble] of troubles) if (pattern.test(path)) return trouble(request, response);
    answer(files.get(path), request.headers["if-none-match"], response);
  });
  server.listen(0, address);
  await once(server, "listening");
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}`,
    /** Paths asked for since the last look. */
    asked: () => requests.splice(0),
    /** From now on requests for paths like this get that answer. */
    trouble: (path: RegExp, how: RequestListener) => void troubles.set(path, how),
    noTrouble: () => troubles.clear(),
    /** Publishes a list, a line each network; returns it. */
    publish(lines: readonly string[], { from, delta, changed }: ListOptions = {}): PublishedList {
      const content = lines.map((line) => `${line}\n`).join("");
      const parts = new Map([["blocklist.tsv", content]]);
      if (from !== undefined)
        parts.set(deltaName(from.manifest.folder), delta ?? deltaOf(from.content, content));
      const facts = Object.fromEntries([...parts].map(([name, text]) => [name, fileFacts(text)]));
      const manifest = {
        serial: ++serial,
        created: now(),
        expires: now() + 48 * 3600,
        policy: "default",
        folder: folderOf(serial, facts),
        networks: lines.length,
        files: facts,
        ...changed,
      };
      for (const [name, text] of parts) files.set(`${manifest.folder}/${name}`, text);
      files.set("blocklist/manifest", sign(buildManifest(manifest)));
      return { manifest, content };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(text: string | undefined, known: string | undefined, response: ServerResponse): void {
  if (text === undefined) return void response.writeHead(404).end();
  const etag = `"${createHash("sha256").update(text).digest("hex").slice(0, 32)}"`;
  if (known === etag) return void response.writeHead(304, { etag }).end();
  response.writeHead(200, { etag }).end(text);
}
