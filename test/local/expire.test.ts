import { expect, test } from "vitest";
import { writeItems } from "../../functions/store/batch.ts";
import { closeStore, openStore } from "../../functions/store/store.ts";
import { getItem } from "../../functions/store/table.ts";
import { removeExpired } from "../../local/expire.ts";
import { startStack } from "../../local/stack.ts";
import { temporaryFolder } from "./folders.ts";
import { rowHandlers } from "./rows.ts";

test("deletes what has expired, over all pages of the table, and nothing else", async () => {
  const stack = await startStack({ dataDir: await temporaryFolder(), handlers: rowHandlers });
  const store = openStore(stack.deployment);
  try {
    // 60 items of 40 KB: more than two pages
    const expired = Array.from({ length: 60 }, (_, n) => ({
      pk: "day",
      sk: `old-${n}`,
      expires: 999,
      text: "x".repeat(40_000),
    }));
    const kept = [
      { pk: "day", sk: "new", expires: 1000 },
      { pk: "stream#mx1", sk: "without end" },
    ];
    await writeItems(store.table, [...expired, ...kept]);
    expect(await removeExpired(stack.deployment, 1000)).toBe(60);
    expect(await removeExpired(stack.deployment, 1000)).toBe(0);
    for (const item of kept) expect(await getItem(store.table, { pk: item.pk, sk: item.sk })).toEqual(item);
  } finally {
    closeStore(store);
    await stack.stop();
  }
});
