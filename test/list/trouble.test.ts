import { expect, test } from "vitest";
import { BadManifest } from "../../functions/list/manifest.ts";
import { MANIFEST_KEY } from "../../functions/list/publish.ts";
import { createPublish } from "../../functions/publish.ts";
import { deleteObjects, putObject } from "../../functions/store/objects.ts";
import { startSystem } from "../handlers.ts";
import { NOW } from "./factories.ts";

test("a damaged manifest stays until somebody removes it; the next list is newer than all before", async () => {
  const { deployment, store } = await startSystem();
  const publish = createPublish(deployment);
  const before = (await publish({ now: NOW })).manifest;
  await putObject(store.lists, MANIFEST_KEY, "{}");
  await expect(publish({ now: NOW + 60 })).rejects.toThrow(BadManifest);
  await deleteObjects(store.lists, [MANIFEST_KEY]);
  const after = await publish({ now: NOW + 120 });
  expect(after.changed).toBe(true);
  expect(after.manifest.serial).toBeGreaterThan(before.serial);
});

test("publishing says that counters go before their bans end", async () => {
  const { deployment } = await startSystem();
  const retentionOf = async (retentionDays: number) =>
    (await createPublish({ ...deployment, retentionDays })({ now: NOW })).retention;
  expect(await retentionOf(97)).toBeUndefined();
  expect(await retentionOf(96)).toContain("retentionDays=97");
});
