import { writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startHost, type TestHost } from "../host/factories.ts";
import { newKey, signed } from "../host/lists.ts";
import { DONE } from "../host/programs.ts";
import { type ListServer, type PublishedList, startListServer } from "./list-server.ts";
import { createNetwork, describeInNetwork, type Network, OUTSIDE } from "./network.ts";

const UNTIL = Math.floor(Date.now() / 1000) + 7200;
const line = (address: string) => `${address}\t${UNTIL}`;
/** 300 addresses, some of which change from list to list. */
const lines = (round: number) =>
  Array.from({ length: 300 }, (_, n) => line(`203.0.${n >> 8}.${n & 255}`)).filter(
    (_, n) => n % 50 !== round,
  );

/** A byte a second: slower than any link, faster than a timeout that counts silence. */
const slow: RequestListener = (_, response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write("="), 1000);
  response.on("close", () => clearInterval(timer));
};

describeInNetwork(["ipset", "iptables", "curl", "openssl", "flock"])("what apply fetches", () => {
  let network: Network;
  let host: TestHost;
  let server: ListServer;
  beforeAll(async () => {
    network = createNetwork();
    const { privateKey, publicKey } = newKey();
    server = await startListServer(OUTSIDE, (text) => signed(text, privateKey));
    host = await startHost(network.at("mail", ["sh"]), {
      backend: "ipset",
      mode: "enforce",
      "lists-url": server.url,
    });
    await writeFile(join(host.dir, "keys.d", "fleet.pem"), publicKey.export({ type: "spki", format: "pem" }));
  });
  afterEach(() => server.noTrouble());
  afterAll(async () => {
    network.remove();
    server.close();
    await host.stop();
  });

  const inKernel = () =>
    [...network.exec("mail", "ipset", "save", "fleetban4").matchAll(/^add fleetban4 (\S+)/gm)]
      .map(([, address]) => address!)
      .sort();
  const networksOf = ({ content }: PublishedList) =>
    content
      .trimEnd()
      .split("\n")
      .map((text) => text.split("\t")[0]!)
      .sort();
  /** Publishes and applies a whole list. */
  const begin = async (round: number) => {
    const list = server.publish(lines(round));
    expect(await host.apply()).toEqual(DONE);
    server.asked();
    return list;
  };

  test("is the manifest alone where nothing is new", async () => {
    await begin(0);
    expect(await host.apply()).toEqual(DONE);
    expect(server.asked()).toEqual(["blocklist/manifest"]);
  });

  test("is what has changed where the list that it has is named, and then the list is the same as a whole one", async () => {
    const from = await begin(1);
    const to = server.publish(lines(2), { from });
    expect(await host.apply()).toEqual(DONE);
    expect(server.asked()).toEqual([
      "blocklist/manifest",
      expect.stringMatching(/^blocklist\/[0-9a-f-]+\/from-[0-9]+-[0-9a-f]+\.tsv$/),
    ]);
    expect(inKernel()).toEqual(networksOf(to));
  });

  const good = lines(4);
  test.each<[string, string]>([
    ["empty", ""],
    ["of another list", `=100\n${line("203.0.2.9")}\n=50\n`],
    ["that wants more than there is", "=999999999\n"],
    ["that leaves out more than there is", "-999999999\n=1\n"],
    ["that wants a billion lines", `${"=100000000\n".repeat(10)}`],
    ["with a count that no shell can hold", "=99999999999999999999\n"],
    ["with a negative count", "=-1\n"],
    ["with a command", `=10\n$(reboot)\n=100\n`],
    ["with a path", `=10\n/etc/passwd\n=100\n`],
    ["of NUL bytes", "\0".repeat(100)],
    ["that is the list with one more", `-294\n${good.join("\n")}\n${line("203.0.9.9")}\n`],
  ])("is the whole list where there is a delta %s", async (_, delta) => {
    const from = await begin(3);
    const to = server.publish(good, { from, delta });
    expect(await host.apply()).toEqual(DONE);
    expect(server.asked()).toEqual([
      "blocklist/manifest",
      ...(delta.length > to.content.length ? [] : [expect.stringContaining("/from-")]),
      `${to.manifest.folder}/blocklist.tsv`,
    ]);
    expect(inKernel()).toEqual(networksOf(to));
  });

  const status =
    (code: number): RequestListener =>
    (_, response) =>
      void response.writeHead(code).end("<Error><Code>Wrong</Code></Error>");
  const half: RequestListener = (_, response) => {
    response.writeHead(200, { "content-length": 1000 }).write("=1\n");
    setTimeout(() => response.destroy(), 50);
  };
  const endless: RequestListener = (_, response) => {
    const more = () => {
      while (!response.destroyed && response.write("=1\n".repeat(20_000)));
    };
    response.on("drain", more).writeHead(200);
    more();
  };
  const other: RequestListener = (_, response) => void response.writeHead(200).end("=17\n");

  test.each<[string, RequestListener]>([
    ["is not there", status(404)],
    ["cannot be served", status(500)],
    ["is cut off", half],
    ["is another than the manifest tells", other],
    ["does not end", endless],
  ])("is the whole list where the delta %s", async (_, trouble) => {
    const from = await begin(5);
    const to = server.publish(lines(6), { from });
    server.trouble(/\/from-/, trouble);
    expect(await host.apply()).toEqual(DONE);
    expect(inKernel()).toEqual(networksOf(to));
  });

  test("is the whole list where the one that is kept was damaged", async () => {
    const from = await begin(7);
    const to = server.publish(lines(8), { from });
    await writeFile(
      join(host.dir, "state/apply", `list-${from.manifest.files["blocklist.tsv"]!.sha256}`),
      lines(9).join("\n"),
    );
    expect(await host.apply()).toEqual(DONE);
    expect(inKernel()).toEqual(networksOf(to));
  });

  test.each<[string, RegExp, RequestListener, RegExp]>([
    ["the manifest is not there", /manifest/, status(404), /blocklist\/manifest: HTTP 404 Wrong/],
    ["the manifest cannot be served", /manifest/, status(500), /HTTP 500/],
    ["the manifest is cut off", /manifest/, half, /no usable answer/],
    ["the manifest does not end", /manifest/, endless, /no usable answer/],
    ["the list is not there", /\.tsv/, status(404), /blocklist\.tsv: HTTP 404/],
    ["the list cannot be served", /\.tsv/, status(503), /HTTP 503/],
    ["the list is cut off", /\.tsv/, half, /no usable answer/],
    ["the list does not end", /\.tsv/, endless, /no usable answer/],
    ["the list is another", /\.tsv/, other, /size or SHA-256 differs/],
    ["nobody sends more than a byte a second", /\.tsv/, slow, /no usable answer.*(slow|limit|timed out)/i],
  ])("is refused where %s, and the kernel keeps what it has", async (_, path, trouble, reason) => {
    const before = await begin(10);
    server.publish(lines(11));
    server.trouble(path, trouble);
    expect(await host.apply()).toMatchObject({ code: 1, stderr: expect.stringMatching(reason) });
    expect(inKernel()).toEqual(networksOf(before));
  });
});
