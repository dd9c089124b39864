import { spawnSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blocklist } from "../../functions/list/blocklist.ts";
import { oldFolderOf } from "../../functions/list/delta.ts";
import { currentManifest, publishList, withoutRace } from "../../functions/list/publish.ts";
import type { Deployment } from "../../functions/store/deployment.ts";
import { getText, putObject } from "../../functions/store/objects.ts";
import { ensureHostKey } from "../../local/keys.ts";
import { temporaryFolder } from "../cli/folder.ts";
import { type System, startSystem } from "../handlers.ts";
import { describeWith, type Ended, run } from "../host/programs.ts";
import { bans } from "./factories.ts";
import { codeOf } from "./page.ts";

const now = Math.floor(Date.now() / 1000);

async function publish({ store }: System, count: number, at = now) {
  const decisions = bans(count).map((decision) => ({ ...decision, until: now + 86_400 }));
  const list = { entries: blocklist(decisions, at), policy: "default", now: at };
  return await withoutRace(store.lists, (before) => publishList(store, list, before));
}

/** A folder with the deployment's public key, as `fleet.pem`. */
async function folderWithKey({ signer }: Deployment): Promise<string> {
  const folder = await temporaryFolder();
  const { keyFile } = signer as { keyFile: string };
  const key = createPublicKey(await readFile(keyFile, "utf8"));
  await writeFile(join(folder, "fleetban.pem"), key.export({ type: "spki", format: "pem" }));
  return folder;
}

/** Runs code of the page in a folder. */
async function shell(code: string, folder: string, args: string[] = [], env = {}): Promise<Ended> {
  return await run(["sh", "-euc", `cd "$0"; ${code}`, folder, ...args], { env });
}

describeWith(["openssl", "awk", "sha256sum"])("docs/blocklist.md", () => {
  test("checks a manifest by hand", async () => {
    const system = await startSystem();
    const { manifest } = await publish(system, 3);
    const folder = await folderWithKey(system.deployment);
    const { text } = (await currentManifest(system.store.lists))!;
    await writeFile(join(folder, "manifest"), text);
    await writeFile(
      join(folder, "blocklist.tsv"),
      (await getText(system.store.lists, `${manifest.folder}/blocklist.tsv`))!.text,
    );
    const code = codeOf("sha256sum blocklist.tsv");
    expect(await shell(code, folder)).toMatchObject({
      code: 0,
      stdout: `Verified OK\n${manifest.files["blocklist.tsv"]!.sha256}  blocklist.tsv\n`,
    });
    await writeFile(join(folder, "manifest"), text.replace('"networks":3', '"networks":4'));
    expect((await shell(code, folder)).stdout).not.toContain("OK");
  });

  test("applies a delta", async () => {
    const system = await startSystem();
    const { lists } = system.store;
    const { manifest: old } = await publish(system, 300, now - 60);
    const { manifest } = await publish(system, 310);
    const folder = await temporaryFolder();
    const [delta] = Object.keys(manifest.files).filter((file) => oldFolderOf(file) !== undefined);
    const put = async (file: string, key: string) =>
      writeFile(join(folder, file), (await getText(lists, key))!.text);
    await put("blocklist.tsv", `${old.folder}/blocklist.tsv`);
    await put(delta!, `${manifest.folder}/${delta}`);
    expect(await shell(codeOf("-v old=blocklist.tsv"), folder)).toEqual({ code: 0, stdout: "", stderr: "" });
    const next = await getText(lists, `${manifest.folder}/blocklist.tsv`);
    expect(await readFile(join(folder, "new.tsv"), "utf8")).toBe(next!.text);
  });

  test("makes a key that lists can be signed with", async () => {
    const system = await startSystem();
    const folder = await temporaryFolder();
    expect((await shell(codeOf("next-key.pem"), folder)).code).toBe(0);
    const { keyFile } = system.deployment.signer as { keyFile: string };
    await writeFile(keyFile, await readFile(join(folder, "next-key.pem")));
    await publish(system, 3);
    await writeFile(join(folder, "manifest"), (await currentManifest(system.store.lists))!.text);
    const verify = codeOf("sha256sum blocklist.tsv").replaceAll(/^sha256sum.*$/gm, "");
    expect((await shell(verify.replace("fleetban.pem", "next-key.pub.pem"), folder)).stdout).toBe(
      "Verified OK\n",
    );
  });
});

describeWith(["curl", "openssl", "sha256sum"])("fetch-list of docs/blocklist.md", () => {
  test.skipIf(!curlSigns())(
    "fetches and verifies, with a host's key, and keeps what it has otherwise",
    { timeout: 60_000 },
    async () => {
      const system = await startSystem();
      const { deployment, store } = system;
      const { manifest } = await publish(system, 50);
      const folder = await folderWithKey(deployment);
      await writeFile(join(folder, "fetch-list"), codeOf("# fetch-list"));
      await mkdir(join(folder, "web"));
      const keys = join((deployment.signer as { keyFile: string }).keyFile, "..", "keys");
      const { accessKeyId, secretAccessKey } = await ensureHostKey(keys, "web1");
      const curlrc = codeOf("aws-sigv4 =")
        .replace("ACCESS-KEY-ID:SECRET-ACCESS-KEY", `${accessKeyId}:${secretAccessKey}`)
        .replace("REGION", deployment.region);
      await writeFile(join(folder, "curlrc"), curlrc);
      const fetchList = () =>
        shell(`sh fetch-list "$@"`, folder, [`${deployment.endpoints!.s3}/lists`, "fleetban.pem", "web"], {
          CURLRC: join(folder, "curlrc"),
        });
      const served = async (file: string) => await readFile(join(folder, "web", file), "utf8");
      expect(await fetchList()).toEqual({ code: 0, stdout: "", stderr: "" });
      for (const file of ["plain.txt", "pan-os.txt", "fortigate.txt", "mikrotik.rsc"])
        expect(await served(file)).toBe((await getText(store.lists, `${manifest.folder}/${file}`))!.text);

      const before = (await currentManifest(store.lists))!.text;
      const { manifest: next } = await publish(system, 60, now + 60);
      await putObject(store.lists, `${next.folder}/fortigate.txt`, "0.0.0.0/0\n");
      expect((await fetchList()).code).not.toBe(0);
      const forged = (await currentManifest(store.lists))!.text.replace('"networks":60', '"networks":61');
      await putObject(store.lists, "blocklist/manifest", forged);
      expect((await fetchList()).code).not.toBe(0);
      expect((await served("plain.txt")).split("\n")).toHaveLength(51);

      await writeFile(join(folder, "web", ".serial"), `${next.serial}\n`);
      await putObject(store.lists, "blocklist/manifest", before);
      expect((await fetchList()).code).not.toBe(0);
    },
  );
});

/** Whether curl signs S3 requests properly, which it does from 7.88 on. */
function curlSigns(): boolean {
  const [, major = "0", minor = "0"] =
    /^curl (\d+)\.(\d+)/.exec(spawnSync("curl", ["--version"], { encoding: "utf8" }).stdout ?? "") ?? [];
  const is = Number(major) * 1000 + Number(minor) >= 7088;
  if (!is) console.warn("fetch-list skipped, as curl is older than 7.88");
  return is;
}
