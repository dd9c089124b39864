import { expect, test } from "vitest";
import { run } from "./run.ts";

test.each([
  [["frobnicate"], /no command frobnicate/],
  [["constructor"], /no command constructor/],
  [["scan"], /scan needs PATH/],
  [["scan", "x", "--bogus"], /unknown option '--bogus'/i],
  [["scan", "x", "--format", "xml"], /no such format/],
  [["scan", "x", "--list", "xml"], /--list xml/],
  [["scan", "x", "--at", "yesterday"], /--at yesterday/],
  [["scan", "x", "--time-zone", "Mars/Olympus"], /Mars\/Olympus/],
  [["totals", "--by", "colour"], /--by colour/],
  [["totals", "--ip", "010.1.1.1"], /no IPv4 or IPv6 address/],
  [["totals", "--top", "0"], /--top 0/],
  [["explain"], /explain needs ADDRESS/],
  [["replay"], /replay needs PREFIX/],
  [["replay", "../x"], /keys begin with a host/],
  [["verify", "a b"], /no host.s name/],
  [["explain", "127.1"], /no IPv4 or IPv6 address/],
  [["local", "--port", "99999"], /--port 99999/],
  [["local", "--host", "a/b"], /--host a\/b/],
])("wrong use: %j", async (words, message) => {
  const { code, stdout, stderr } = await run(words);
  expect(stderr).toMatch(message);
  expect([code, stdout]).toEqual([2, ""]);
});

test.each(["scan", "local", "totals", "explain", "blocklist", "publish", "fleet", "replay", "verify"])(
  "%s --help tells its use",
  async (name) => {
    const { code, stdout } = await run([name, "--help"]);
    expect(stdout).toMatch(new RegExp(`^Usage: fleetban ${name} `));
    expect(code).toBe(0);
  },
);

test("without a command the overview is shown, and that it was wrong use", async () => {
  const { code, stdout } = await run([]);
  expect(stdout).toMatch(/^Usage: fleetban COMMAND/);
  expect(code).toBe(2);
});

test("a data folder that does not exist is not made by a question", async () => {
  const { code, stderr } = await run(["totals", "--local", "/nonexistent/data"]);
  expect(stderr).toMatch(/does not exist/);
  expect(code).toBe(1);
});
