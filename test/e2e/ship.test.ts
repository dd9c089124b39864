import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { append, joined, logLines, startHost, type TestHost } from "../host/factories.ts";
import { DONE } from "../host/programs.ts";
import { mulberry32 } from "../random.ts";
import { describeInNetwork } from "./network.ts";

const SEED = Number(process.env.SEED ?? 20261124);
const ROUNDS = 80;

describeInNetwork(["curl", "openssl", "gzip", "flock"])("ship under all kinds of trouble", () => {
  let host: TestHost;
  let line: Awaited<ReturnType<typeof badLine>>;
  beforeEach(async () => {
    host = await startHost(["sh"]);
    line = await badLine(Number(new URL(host.endpoint).port));
    await host.configure({ endpoint: line.endpoint });
  });
  afterEach(async () => {
    line.close();
    await host.stop();
  });

  test("says that the disk is full, and goes on when it is not", async () => {
    const state = join(host.dir, "full");
    mkdirSync(state);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=32k", "tmpfs", state]);
    try {
      await host.configure({ endpoint: line.endpoint, state });
      await append(host.log(), logLines(20_000));
      for (const size of ["16k", "64k", "1m", "3m", "5m", "6m"]) {
        execFileSync("mount", ["-o", `remount,size=${size}`, state]);
        const { code, stderr } = await host.ship();
        expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/is the disk full/) });
      }
      execFileSync("mount", ["-o", "remount,size=64m", state]);
      expect(await host.ship()).toEqual(DONE);
      expect([...joined(await host.segments()).values()].map(String)).toEqual([
        readFileSync(host.log(), "utf8"),
      ]);
    } finally {
      execFileSync("umount", [state]);
    }
  });

  test(`ships each byte once while it is killed, loses its state and never hears of its success (seed ${SEED})`, async () => {
    const random = mulberry32(SEED);
    const chance = (share: number) => random() < share;
    let truth = "";
    const write = async (name?: string) => {
      const text = logLines(1 + Math.floor(random() * 400));
      truth += text;
      await append(host.log(name), text);
    };
    await write();
    for (let round = 0; round < ROUNDS; round++) {
      if (chance(0.8)) await write();
      if (chance(0.2)) rotate(host.log(), chance(0.5));
      else if (chance(0.1) && existsSync(host.log("mail.log.1"))) await write("mail.log.1"); // a writer that has not noticed
      if (chance(0.1)) rmSync(join(host.dir, "state"), { recursive: true, force: true });
      line.lossy = chance(0.3);
      await host.ship(["--now"], chance(0.6) ? { killAfter: 10 + Math.floor(random() * 250) } : {});
    }
    line.lossy = false;
    expect(await host.ship()).toEqual(DONE);
    const shipped = [...joined(await host.segments()).values()].join("");
    expect(sorted(shipped)).toEqual(sorted(truth));
  }, 600_000);
});

const sorted = (text: string) => text.split("\n").sort();

/** What logrotate does: mail.log becomes mail.log.1, and that mail.log.2.gz and so on. */
function rotate(log: string, copytruncate: boolean) {
  for (let age = 8; age >= 2; age--)
    if (existsSync(`${log}.${age}.gz`)) renameSync(`${log}.${age}.gz`, `${log}.${age + 1}.gz`);
  if (existsSync(`${log}.1`)) {
    writeFileSync(`${log}.2.gz`, gzipSync(readFileSync(`${log}.1`)));
    rmSync(`${log}.1`);
  }
  if (!existsSync(log)) return;
  if (!copytruncate) return renameSync(log, `${log}.1`);
  copyFileSync(log, `${log}.1`);
  truncateSync(log);
}

/** A connection to the server on which, while `lossy`, half of the answers get lost after the request was done. */
async function badLine(port: number) {
  const sockets = new Set<Socket>();
  let dropNext = false;
  const proxy: Server = createServer((client) => {
    const server = connect({ port, host: "127.0.0.1" });
    dropNext = !dropNext;
    const drop = state.lossy && dropNext;
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    }
    client.pipe(server);
    if (drop) server.once("data", () => client.destroy());
    else server.pipe(client);
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const state = {
    lossy: false,
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
  return state;
}
