import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { append, joined, logLines, startHost, type TestHost } from "./factories.ts";
import { DONE, describeWith, HOST, run } from "./programs.ts";

const EXAMPLE = await readFile(join(HOST, "logrotate.example"), "utf8");

describeWith(["logrotate", "curl", "openssl", "gzip", "flock"])("with logrotate", () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await startHost(["sh"]);
  });
  afterEach(() => host.stop());

  const rotate = async (section: string) => {
    const config = join(host.dir, "logrotate.conf");
    await writeFile(config, section);
    return await run(["logrotate", "--force", "--state", join(host.dir, "logrotate.state"), config]);
  };
  /** The example, for this host: its log, its programs, no rsyslog. */
  const example = (...changes: [string, string][]) =>
    [
      ["/var/log/mail.log", host.log()],
      ["/usr/sbin/fleetban-ship", `sh ${join(HOST, "ship")} --config ${join(host.dir, "fleetban.conf")}`],
      ["/usr/lib/rsyslog/rsyslog-rotate", ":"],
      ...changes,
    ].reduce((text, [from, to]) => {
      expect(text).toContain(from);
      return text.replaceAll(from!, to!);
    }, EXAMPLE);
  const section = (options: string) => `${host.log()} {\n${options}\n}\n`;
  const shipped = async () => [...joined(await host.segments()).values()].map(String).sort();

  test.each([
    ["renamed", "rotate 3\ncreate"],
    ["renamed with dates", "rotate 3\ncreate\ndateext\ndateformat -%Y%m%d-%s"],
    ["compressed", "rotate 3\ncreate\ncompress"],
    ["compressed later", "rotate 3\ncreate\ncompress\ndelaycompress"],
    ["copied and truncated", "rotate 3\ncopytruncate"],
    ["copied, truncated and compressed", "rotate 3\ncopytruncate\ncompress"],
    ["copied, truncated and compressed later", "rotate 3\ncopytruncate\ncompress\ndelaycompress"],
  ])("without the example: a log that is %s is shipped once, whole", async (_, options) => {
    const written: string[] = [];
    for (const lines of [4, 3, 2]) {
      const [before, after] = [logLines(lines), logLines(1)];
      await append(host.log(), before);
      expect(await host.ship()).toEqual(DONE);
      await append(host.log(), after); // between the last run and rotation
      expect(await rotate(section(options))).toMatchObject({ code: 0, stderr: "" });
      written.push(before + after);
      if (options.includes("%s")) await sleep(1100); // the next second, the next name
    }
    expect(await host.ship()).toEqual(DONE);
    expect(await shipped()).toEqual(written.sort());
    expect(await host.ship()).toEqual(DONE);
    expect(await shipped()).toEqual(written);
  });

  test.each([
    ["goes at once", [["rotate 4", "rotate 0"]]],
    ["goes at once, copied and truncated", [["rotate 4", "rotate 0\n\tcopytruncate"]]],
    ["goes elsewhere", [["rotate 4", "rotate 4\n\tolddir old"]]],
    ["is packed by a program that is not known", [["compress\n", "compress\n\tcompresscmd /bin/true\n"]]],
  ] as [string, [string, string][]][])(
    "with the example: nothing is lost of a log that %s",
    async (_, changes) => {
      await mkdir(join(host.dir, "log", "old"));
      const written = [logLines(5), logLines(4)];
      for (const lines of written) {
        await append(host.log(), lines);
        expect(await rotate(example(...changes))).toMatchObject({ code: 0, stderr: "" });
      }
      expect(await shipped()).toEqual(written.sort());
    },
  );

  test("with the example: rotation goes on though the bucket cannot be reached", async () => {
    const lines = logLines(3);
    await append(host.log(), lines);
    await host.configure({ endpoint: "http://127.0.0.1:1" });
    expect((await rotate(example())).code).toBe(0);
    expect(await readFile(host.log("mail.log.1"), "utf8")).toBe(lines);
    await host.configure({});
    expect(await host.ship()).toEqual(DONE);
    expect(await shipped()).toEqual([lines]);
  });
});
