import { createReadStream } from "node:fs";
import { expect, test } from "vitest";
import { createScan } from "../../functions/count/scan.ts";
import { decideAll } from "../../functions/decide/decide.ts";
import { at, context } from "./factories.ts";

test("logs that were scanned are decided for earlier moments as they stood then", async () => {
  const scan = createScan();
  const log = { name: "maillog", open: () => createReadStream("test/fixtures/article.log") };
  await scan.read({ ...log, context: { logTime: at("2026-08-12"), zone: { offset: 0 } } });
  const [history] = scan.histories();
  const decided = (now: string) => decideAll(scan.histories(), context(now)).of(history!);
  expect(decided("2026-08-11T20")).toMatchObject({ action: "ban", attempts: 10, services: ["pop3"] });
  expect(decided("2026-08-10T20")).toMatchObject({ action: "watch", attempts: 4, services: ["pop3"] });
});
