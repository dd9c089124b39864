import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { append, joined, logLines, startHost, type TestHost } from "./factories.ts";
import { DONE, describeWith, HOST, run, SHELLS } from "./programs.ts";

const NEEDED = ["curl", "openssl", "gzip", "flock"];

for (const { shell, command } of SHELLS) {
  describeWith([...NEEDED, command[0]])(`with ${shell}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = await startHost(command);
    });
    afterEach(() => host.stop());

    test.each(["curl", "openssl"])("ships a growing log, signed by %s", async (signer) => {
      await host.configure({ signer });
      const parts = [logLines(3), logLines(2)];
      for (const part of parts) {
        await append(host.log(), part);
        expect(await host.ship()).toEqual(DONE);
      }
      expect([...joined(await host.segments()).values()].map(String)).toEqual([parts.join("")]);
    });

    test("cuts a large archive at line ends and knows it again", async () => {
      const text = logLines(90_000);
      await append(host.log("mail.log.1"), text.slice(0, text.indexOf("\n", 100_000) + 1));
      expect(await host.ship()).toEqual(DONE);
      await append(host.log("mail.log.2.gz"), gzipSync(text));
      expect(await host.ship()).toEqual(DONE);
      const segments = await host.segments();
      expect(segments.length).toBeGreaterThan(2);
      expect([...joined(segments).values()].map(String).join("") === text).toBe(true);
    });

    test("says what is wrong with the configuration", async () => {
      await host.configure({ ports: "22" });
      expect(await host.ship()).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("port 22 is never closed"),
      });
    });
  });
}

describeWith(["readlink"])("an installed script", () => {
  test.each(["ship", "apply"])("%s finds its parts through a link", async (program) => {
    const host = await startHost(["sh"]);
    const link = join(host.dir, `fleetban-${program}`);
    await symlink(join(HOST, program), link);
    expect(await run([link, "--help"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`fleetban-${program} [`),
    });
    await host.stop();
  });
});
