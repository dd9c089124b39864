import { RootConstruct } from "constructs";
import { expect, test } from "vitest";
import { settingsOf } from "../../infra/settings.ts";

test("a deployment is called fleetban, keeps data for 100 days, and user names hashed, unless told", () => {
  const usual = {
    name: "fleetban",
    retentionDays: 100,
    userNames: "hashed",
    limits: undefined,
    alarmEmail: undefined,
  };
  expect(settingsOf(contextOf({}))).toEqual(usual);
  const told = {
    name: "mail-2",
    retentionDays: "30",
    userNames: "plain",
    limits: "bytes=20G",
    alarmEmail: "ops@example.net",
  };
  expect(settingsOf(contextOf(told))).toEqual({ ...told, retentionDays: 30 });
});

test.each([
  [{ name: "Fleetban" }, "-c name=Fleetban"],
  [{ name: "a/b" }, "-c name=a/b"],
  [{ name: "" }, "-c name="],
  [{ retentionDays: "0" }, "-c retentionDays=0"],
  [{ retentionDays: "90d" }, "-c retentionDays=90d"],
  [{ retentionDays: "3651" }, "-c retentionDays=3651"],
  [{ alarmEmail: "ops" }, "-c alarmEmail=ops"],
  [{ userNames: "none" }, "-c userNames=none"],
  [{ limits: "bytes=much" }, "-c limits=bytes=much"],
])("%o is refused with what to give", (context, named) => {
  expect(() => settingsOf(contextOf(context))).toThrow(named);
});

function contextOf(context: Record<string, string>): RootConstruct {
  const root = new RootConstruct();
  for (const [key, value] of Object.entries(context)) root.node.setContext(key, value);
  return root;
}
