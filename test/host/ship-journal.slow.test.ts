import { existsSync, readdirSync } from "node:fs";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLineParser } from "../../functions/parse/line.ts";
import { joined, startHost, type TestHost } from "./factories.ts";
import { startJournal } from "./journal.ts";
import { DONE, describeWith, type RunOptions, SHELLS } from "./programs.ts";

const SPOOL_BYTES = 1_048_576;

for (const { shell, command } of SHELLS) {
  describeWith(["curl", "openssl", "gzip", "flock", command[0]])(
    `ship from the journal, with ${shell}`,
    () => {
      let host: TestHost;
      let journal: Awaited<ReturnType<typeof startJournal>>;
      beforeEach(async () => {
        host = await startHost(command, { journal: "mail dovecot.service exim", log: "" });
        await host.configure({ "spool-bytes": String(SPOOL_BYTES) });
        journal = await startJournal(host.dir);
      });
      afterEach(() => host.stop());

      const ship = (options: RunOptions = {}, args?: string[]) =>
        host.ship(args, { ...options, env: journal.env });
      const spool = () => join(host.dir, "state", "journal", "journal.log");
      /** The messages that arrived, in order; each segment's line is whole or `joined` throws. */
      const shipped = async () => {
        const text = [...joined(await host.segments()).values()].map(String).join("");
        const entries = text
          .trimEnd()
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line));
        return entries.flatMap(({ MESSAGE }) => MESSAGE ?? []).sort(byTry);
      };

      test("ships what is logged from the first run on, each entry once", async () => {
        await journal.log(3);
        expect(await ship()).toEqual(DONE);
        const truth = await journal.log(4);
        expect(await ship()).toEqual(DONE);
        truth.push(...(await journal.log(2)));
        expect(await ship()).toEqual(DONE);
        expect(await ship()).toEqual(DONE);
        expect(await shipped()).toEqual(truth);
        expect(await journal.calls()).toContain(
          "SYSLOG_FACILITY=2 + _SYSTEMD_UNIT=dovecot.service + SYSLOG_IDENTIFIER=exim\n",
        );
        expect((await host.segments())[0]?.metadata["log-name"]).toBe("journal.log");
      });

      test("cuts off half a line that a killed run left, and reads it again", async () => {
        await ship();
        const truth = await journal.log(5);
        await ship();
        truth.push(...(await journal.log(5)));
        await appendFile(spool(), '{"__CURSOR":"s=5f;i=6;b=e2;m=1;t=17954');
        expect(await ship()).toEqual(DONE);
        expect(await shipped()).toEqual(truth);
      });

      if (shell !== SHELLS[0].shell) return; // the same in each

      test("says that the journal has lost its place, and goes on with what is there", async () => {
        await ship();
        const truth = await journal.log(2);
        await ship();
        await journal.log(2);
        truth.push(...(await journal.log(3)));
        await journal.vacuum(3);
        expect(await ship()).toMatchObject({ code: 0, stderr: expect.stringMatching(/has lost the entry/) });
        expect(await ship()).toEqual(DONE);
        expect(await shipped()).toEqual(truth);
      });

      test("goes on behind the latest entry where its own lies ahead of the journal", async () => {
        await ship();
        const before = await journal.log(2);
        await ship();
        await journal.reset();
        await journal.log(2);
        expect(await ship()).toMatchObject({ code: 0, stderr: expect.stringMatching(/nor a later one/) });
        const after = await journal.log(3);
        expect(await ship()).toEqual(DONE);
        expect(await shipped()).toEqual([...after, ...before]);
      });

      test("turns the spool by size, and removes it once it is shipped", async () => {
        await ship();
        const truth: string[] = [];
        for (let round = 0; round < 3; round++) {
          truth.push(...(await journal.log(400, 3000)));
          expect(await ship()).toEqual(DONE);
        }
        for (let round = 0; round < 3; round++) expect(await ship()).toEqual(DONE);
        expect((await shipped()).length).toBe(truth.length);
        expect(await shipped()).toEqual(truth);
        expect(existsSync(`${spool()}.1`)).toBe(false);
        expect(joined(await host.segments()).size).toBeGreaterThan(2);
      });

      test.each([{ journal: "a;b" }, { journal: "*" }, { "spool-bytes": "10" }])(
        "refuses %j",
        async (wrong) => {
          await host.configure(wrong as Record<string, string>);
          expect(await ship()).toMatchObject({ code: 2 });
        },
      );

      test("writes what the parser reads", async () => {
        await ship();
        await journal.log(1);
        await ship();
        const lines = (await readFile(spool(), "utf8")).split("\n");
        const parser = createLineParser({ logTime: 1_795_489_300, zone: { offset: 0 } });
        const events = lines.map((line) => parser.parse(Buffer.from(line), 0, Buffer.byteLength(line)));
        expect(events.filter(Boolean)).toMatchObject([
          { ip: "198.51.100.1", at: 1_795_489_200, daemon: "postfix" },
        ]);
      });

      test("takes all of a journal that was empty at first", async () => {
        expect(await ship()).toEqual(DONE);
        const truth = await journal.log(2);
        expect(await ship()).toEqual(DONE);
        expect(await shipped()).toEqual(truth);
      });

      test("goes on behind what a killed run appended and did not ship", async () => {
        await ship();
        const truth = await journal.log(5);
        await host.configure({ "spool-bytes": String(SPOOL_BYTES), endpoint: "http://127.0.0.1:9" });
        expect(await ship()).toMatchObject({ code: 1 });
        await host.configure({ "spool-bytes": String(SPOOL_BYTES) });
        truth.push(...(await journal.log(1)));
        expect(await ship()).toEqual(DONE);
        expect(await shipped()).toEqual(truth);
      });

      test("waits where the journal is empty now", async () => {
        await ship();
        const truth = await journal.log(2);
        await ship();
        await journal.vacuum(0);
        expect(await ship()).toEqual(DONE);
        truth.push(...(await journal.log(1)));
        expect(await ship()).toMatchObject({ code: 0, stderr: expect.stringMatching(/has lost the entry/) });
        expect(await shipped()).toEqual(truth);
      });

      test("keeps a bounded spool while the bucket is away: the journal has the rest", async () => {
        await ship();
        const truth = await journal.log(1500, 3000);
        await host.configure({ "spool-bytes": String(SPOOL_BYTES), endpoint: "http://127.0.0.1:9" });
        for (let round = 0; round < 5; round++) await ship();
        const sizes = await Promise.all(
          [spool(), `${spool()}.1`].map(async (file) => (await readFile(file)).length),
        );
        expect(Math.max(...sizes)).toBeLessThan(2 * SPOOL_BYTES);
        await host.configure({ "spool-bytes": String(SPOOL_BYTES) });
        for (let round = 0; round < 6; round++) expect(await ship()).toEqual(DONE);
        expect(await shipped()).toEqual(truth);
      });

      test("killed at any moment, ships each entry once", async () => {
        await ship();
        const truth: string[] = [];
        for (let round = 0; round < 10; round++) {
          truth.push(...(await journal.log(50)));
          await ship({ killAfter: 10 + round * 13 });
        }
        expect(await ship()).toEqual(DONE);
        expect(await shipped()).toEqual(truth);
      });

      test("begins anew where its state is lost, and repeats nothing", async () => {
        await ship();
        const truth = await journal.log(3);
        await ship();
        await rm(join(host.dir, "state"), { recursive: true });
        expect(await ship()).toEqual(DONE);
        truth.push(...(await journal.log(2)));
        expect(await ship()).toEqual(DONE);
        expect(await shipped()).toEqual(truth);
      });

      test("says what journalctl says", async () => {
        await ship();
        expect(
          await host.ship(["--now"], { env: { ...journal.env, FAKE_FAILURE: "No journal files" } }),
        ).toMatchObject({
          code: 1,
          stderr: expect.stringContaining("journalctl: No journal files"),
        });
      });

      test("refuses a spool that does not tell where it ends", async () => {
        await ship();
        await writeFile(spool(), "nonsense\n");
        expect(await ship()).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/remove it to begin anew/),
        });
      });

      test("touches nothing with --dry-run", async () => {
        await journal.log(1);
        await ship({}, ["--now", "--dry-run"]);
        expect(readdirSync(join(host.dir, "state"))).not.toContain("journal");
      });
    },
  );
}

function byTry(a: string, b: string): number {
  return tryOf(a) - tryOf(b);
}

function tryOf(message: string): number {
  return Number(/try (-?\d+)/.exec(message)![1]);
}
