import { generateKeyPairSync, verify } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Decision } from "../../functions/decide/decision.ts";
import { blocklist } from "../../functions/list/blocklist.ts";
import { cleanOldLists, KEEP } from "../../functions/list/clean.ts";
import { applyDelta, oldFolderOf } from "../../functions/list/delta.ts";
import { MOST_DELTAS } from "../../functions/list/deltas.ts";
import { listFiles } from "../../functions/list/files.ts";
import { fileFacts, LIST_LIFETIME, type Manifest, signedPart } from "../../functions/list/manifest.ts";
import { currentManifest, type Published, publishList, withoutRace } from "../../functions/list/publish.ts";
import { publishedList } from "../../functions/list/published.ts";
import {
  deleteObjects,
  getText,
  type ListedObject,
  listObjects,
  putObject,
  stateOf,
} from "../../functions/store/objects.ts";
import type { Store } from "../../functions/store/store.ts";
import { startSystem } from "../handlers.ts";
import { ban, bans, NOW } from "./factories.ts";

const FILES = [
  "blocklist.tsv",
  "plain.txt",
  "v4.ipset",
  "v6.ipset",
  "blocklist.nft",
  "postfix.cidr",
  "blocklist.json",
];
const FIXED = ["plain.txt", "pan-os.txt", "fortigate.txt", "mikrotik.rsc"];

/** Publishes as the handler does, without its deciding. */
async function publish(store: Store, decisions: Decision[], now = NOW, more = {}): Promise<Published> {
  const list = { entries: blocklist(decisions, now), policy: "default", now, ...more };
  return await withoutRace(store.lists, (before) => publishList(store, list, before));
}

async function textOf({ lists }: Store, key: string): Promise<string> {
  const stored = await getText(lists, key);
  if (stored === undefined) throw new Error(`${key} is not there`);
  return stored.text;
}

/** Throws unless all that a manifest names is there as it says. */
async function checkFiles(store: Store, { folder, files }: Manifest): Promise<void> {
  for (const [file, facts] of Object.entries(files)) {
    expect(facts).toMatchObject(fileFacts(await textOf(store, `${folder}/${file}`)));
  }
}

async function objects({ lists }: Store, prefix = "blocklist/"): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const object of listObjects(lists, prefix)) found.push(object);
  return found;
}

describe("a published list", () => {
  test("has its files as the manifest says, reads back with its reasons, and lies at the fixed addresses", async () => {
    const { store } = await startSystem();
    const { manifest, changed } = await publish(store, bans(20));
    expect(changed).toBe(true);
    expect(Object.keys(manifest.files)).toEqual(expect.arrayContaining(FILES));
    await checkFiles(store, manifest);
    expect((await publishedList(store.lists))?.entries).toEqual(blocklist(bans(20), NOW));
    for (const file of FIXED) {
      expect(await textOf(store, `blocklist/${file}`)).toBe(
        await textOf(store, `${manifest.folder}/${file}`),
      );
    }
  });

  test("says in the manifest what a capped file leaves out", () => {
    const files = listFiles(blocklist(bans(50_007), NOW), NOW);
    expect(files.get("pan-os.txt")?.facts.cut).toBe(7);
    expect(files.get("fortigate.txt")?.facts).not.toHaveProperty("cut");
  });

  test("keeps its serial while it is the same, and is renewed at half of its life", async () => {
    const { store } = await startSystem();
    const { manifest: first } = await publish(store, [ban("192.0.2.1", 30 * 86_400)]);
    const later = (seconds: number) => publish(store, [ban("192.0.2.1", 30 * 86_400)], NOW + seconds);
    expect(await later(60)).toEqual({ manifest: first, changed: false });
    const half = LIST_LIFETIME / 2;
    expect(await later(half - 1)).toEqual({ manifest: first, changed: false });
    const renewed = { ...first, created: NOW + half, expires: NOW + half + LIST_LIFETIME };
    expect(await later(half)).toEqual({ manifest: renewed, changed: false });
    expect((await currentManifest(store.lists))?.manifest).toEqual(renewed);
  });

  test("of another policy, or with damaged files, has a new serial", async () => {
    const { store } = await startSystem();
    const { manifest: first } = await publish(store, bans(3));
    const other = await publish(store, bans(3), NOW, { policy: "0123456789ab" });
    expect([other.changed, other.manifest.serial]).toEqual([true, first.serial + 1]);
    const mended = await publish(store, bans(3), NOW, { policy: "0123456789ab", damaged: true });
    expect([mended.changed, mended.manifest.serial]).toEqual([true, first.serial + 2]);
    await checkFiles(store, mended.manifest);
  });

  test("brings the fixed addresses up to it, where a publisher was killed before it did", async () => {
    const { store } = await startSystem();
    await publish(store, bans(3));
    const { manifest } = await publish(store, bans(4), NOW + 60);
    await putObject(store.lists, "blocklist/plain.txt", "old", {
      metadata: { serial: `${manifest.serial - 1}` },
    });
    await deleteObjects(store.lists, ["blocklist/fortigate.txt", `${manifest.folder}/manifest`]);
    expect(await publish(store, bans(4), NOW + 120)).toMatchObject({ changed: false });
    for (const file of ["plain.txt", "fortigate.txt"])
      expect(await textOf(store, `blocklist/${file}`)).toBe(
        await textOf(store, `${manifest.folder}/${file}`),
      );
    expect(await textOf(store, `${manifest.folder}/manifest`)).toBe(
      await textOf(store, "blocklist/manifest"),
    );
  });

  test("never takes a fixed address from a later one", async () => {
    const { store } = await startSystem();
    await putObject(store.lists, "blocklist/plain.txt", "later", { metadata: { serial: `${NOW + 999}` } });
    await publish(store, bans(3));
    expect(await textOf(store, "blocklist/plain.txt")).toBe("later");
  });

  test("is signed by a new key from the next manifest on", async () => {
    const { store, deployment } = await startSystem();
    const { keyFile } = deployment.signer as { keyFile: string };
    await publish(store, bans(3));
    const old = await textOf(store, "blocklist/manifest");
    const before = await readFile(keyFile, "utf8");
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    await writeFile(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
    await publish(store, bans(4), NOW + 60);
    const next = await textOf(store, "blocklist/manifest");
    const isSignedBy = (key: string | typeof privateKey, text: string) => {
      const { signed, signature } = signedPart(text);
      return verify("sha256", Buffer.from(signed), key, Buffer.from(signature, "base64"));
    };
    expect([isSignedBy(before, old), isSignedBy(before, next), isSignedBy(privateKey, next)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe("deltas", () => {
  /** A list that changes by a few networks a step. */
  const step = (n: number) => bans(400 + n).slice(n % 3);

  test("lead from each of the last lists to the current one", { timeout: 60_000 }, async () => {
    const { store } = await startSystem();
    const published: Manifest[] = [];
    for (let n = 0; n < MOST_DELTAS + 2; n++)
      published.push((await publish(store, step(n), NOW + n * 60)).manifest);
    const { folder, files } = published.at(-1)!;
    const list = await textOf(store, `${folder}/blocklist.tsv`);
    const deltas = Object.keys(files).filter((file) => oldFolderOf(file) !== undefined);
    expect(deltas.map(oldFolderOf)).toEqual(
      published
        .slice(-MOST_DELTAS - 1, -1)
        .map((old) => old.folder)
        .reverse(),
    );
    for (const file of deltas) {
      const old = await textOf(store, `${oldFolderOf(file)}/blocklist.tsv`);
      expect(applyDelta(old, await textOf(store, `${folder}/${file}`))).toBe(list);
      expect(files[file]!.size).toBeLessThan(list.length / 10);
    }
    await checkFiles(store, published.at(-1)!);
  });

  test("are not made for small lists, nor where little is common", async () => {
    const { store } = await startSystem();
    const names = async (decisions: Decision[], now: number) =>
      Object.keys((await publish(store, decisions, now)).manifest.files).filter((file) => oldFolderOf(file));
    await publish(store, bans(9));
    expect(await names(bans(10), NOW + 60)).toEqual([]);
    await publish(store, bans(400), NOW + 120);
    expect(await names(bans(1200).slice(400), NOW + 180)).toEqual([]);
  });

  test("are left out where the old list is gone", async () => {
    const { store } = await startSystem();
    const { manifest: gone } = await publish(store, step(0));
    const { manifest: there } = await publish(store, step(1), NOW + 60);
    await deleteObjects(store.lists, [`${gone.folder}/blocklist.tsv`]);
    const { manifest } = await publish(store, step(2), NOW + 120);
    expect(Object.keys(manifest.files).flatMap((file) => oldFolderOf(file) ?? [])).toEqual([there.folder]);
  });
});

describe("old lists", () => {
  const seconds = () => Math.floor(Date.now() / 1000);
  const folders = async (store: Store) =>
    new Set(
      (await objects(store)).flatMap(({ key }) => /^(blocklist\/\d+-[0-9a-f]+)\//.exec(key)?.[1] ?? []),
    );

  test("go once they have been replaced for long enough, and never the current one", async () => {
    const { store } = await startSystem();
    const [a, b, c] = [
      await publish(store, bans(1)),
      await publish(store, bans(2)),
      await publish(store, bans(3)),
    ];
    const all = [a, b, c].map(({ manifest }) => manifest.folder);
    expect(await cleanOldLists(store.lists, c.manifest, seconds() + KEEP - 60)).toBe(0);
    expect(await folders(store)).toEqual(new Set(all));
    expect(await cleanOldLists(store.lists, c.manifest, seconds() + KEEP + 60)).toBeGreaterThan(0);
    expect(await folders(store)).toEqual(new Set([c.manifest.folder]));
    await checkFiles(store, c.manifest);
    expect(await cleanOldLists(store.lists, c.manifest, seconds() + 10 * KEEP)).toBe(0);
    for (const file of FIXED) expect(await stateOf(store.lists, `blocklist/${file}`)).toBeDefined();
  });

  test("stay while the one that replaced them is young, however old they are themselves", async () => {
    const { store } = await startSystem();
    const old = await publish(store, bans(1));
    await wait(1100);
    const { manifest } = await publish(store, bans(2), NOW + 60);
    const replaced = (await objects(store, `${manifest.folder}/manifest`))[0]!.modified;
    await cleanOldLists(store.lists, manifest, replaced + KEEP);
    expect(await folders(store)).toContain(old.manifest.folder);
    await cleanOldLists(store.lists, manifest, replaced + KEEP + 1);
    expect(await folders(store)).not.toContain(old.manifest.folder);
  });

  test("that no manifest named go by their own age, and put nobody else's off", async () => {
    const { store } = await startSystem();
    const { manifest: first } = await publish(store, bans(1));
    const orphan = `blocklist/${first.serial + 1}-0123456789abcdef`;
    await putObject(store.lists, `${orphan}/blocklist.tsv`, "");
    const ahead = `blocklist/${NOW + 90_000}-0123456789abcdef`;
    await putObject(store.lists, `${ahead}/blocklist.tsv`, "");
    const { manifest } = await publish(store, bans(2), NOW + 60);
    await cleanOldLists(store.lists, first, seconds() + KEEP + 60);
    expect(await folders(store)).toEqual(new Set([first.folder, orphan, manifest.folder, ahead]));
    await cleanOldLists(store.lists, manifest, seconds() + KEEP + 60);
    expect(await folders(store)).toEqual(new Set([manifest.folder, ahead]));
  });
});
