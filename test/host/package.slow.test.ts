import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith, HOST, run } from "./programs.ts";

describeWith(["lintian", "dpkg-deb", "git"])("lintian", () => {
  test("finds nothing in the package", async () => {
    const dir = await mkdtemp(join(tmpdir(), "fleetban-package-"));
    await run(["sh", join(HOST, "package"), "1.2.3", dir]);
    const deb = join(dir, "fleetban-host_1.2.3_all.deb");
    const { code, stdout } = await run(["lintian", "--fail-on", "error,warning", "--allow-root", deb]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    await rm(dir, { recursive: true });
  });
});

describeWith(["ansible-lint"])("ansible-lint", () => {
  test("finds nothing in the role", async () => {
    const command = ["ansible-lint", "--offline", "--profile", "production", join(HOST, "ansible")];
    const { code, stdout } = await run(command, { env: { NO_COLOR: "1" } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  });
});
