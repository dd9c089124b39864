import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DONE, describeWith, HOST, run } from "./programs.ts";

describeWith(["readlink", "curl", "openssl", "flock"])("install", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "fleetban-root-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  const install = (...args: string[]) => run(["sh", join(HOST, "install"), "--root", root, ...args]);
  const files = async () => {
    const all = await readdir(root, { recursive: true, withFileTypes: true });
    return all
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
  };

  test("puts everything in place: programs that run, and a configuration for root alone", async () => {
    expect(await install()).toMatchObject({ code: 0, stderr: "" });
    for (const program of ["ship", "apply"]) {
      const { code, stdout } = await run([join(root, "usr/sbin", `fleetban-${program}`), "--help"]);
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: expect.stringContaining(`fleetban-${program} [--config`),
      });
    }
    expect((await stat(join(root, "etc/fleetban/fleetban.conf"))).mode & 0o777).toBe(0o600);
    expect(await files()).toContain("/usr/lib/systemd/system/fleetban-apply.timer");
  });

  test("installs each part that the programs read", async () => {
    await install();
    const sources = (await readdir(join(HOST, "lib"))).sort();
    expect((await readdir(join(root, "usr/lib/fleetban/lib"))).sort()).toEqual(sources);
  });

  test("says how it is called", async () => {
    expect(await install("--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("--purge") });
    expect(await install("--root")).toMatchObject({ code: 2 });
    expect(await install("--everything")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--remove"),
    });
  });

  test("keeps a configuration that is there, on upgrade and removal; --purge removes it", async () => {
    const config = join(root, "etc/fleetban/fleetban.conf");
    await install();
    await writeFile(config, "host = mine\n");
    await install();
    expect(await readFile(config, "utf8")).toBe("host = mine\n");
    expect(await install("--remove")).toMatchObject({ code: 0, stderr: "" });
    expect(await files()).toEqual(["/etc/fleetban/fleetban.conf"]);
    expect(await install("--remove", "--purge")).toMatchObject({ code: 0, stderr: "" });
    expect(await files()).toEqual([]);
  });

  test("--purge removes a state that lies elsewhere, and there only what is its own", async () => {
    await install();
    await writeFile(join(root, "etc/fleetban/fleetban.conf"), " state = /srv/kept/ \n");
    for (const folder of ["apply", "ship", "journal", "said", "other"])
      await mkdir(join(root, "srv/kept", folder), { recursive: true });
    for (const file of [
      "apply/loaded",
      "unbanned",
      "stopped",
      "curl-version",
      "other/file",
      "journal/journal.log",
      "journal/journal.log.1",
    ])
      await writeFile(join(root, "srv/kept", file), "");
    expect(await install("--remove")).toMatchObject({ code: 0, stderr: "" });
    expect(await files()).toContain("/srv/kept/apply/loaded");
    await install();
    expect(await install("--remove", "--purge")).toMatchObject({ code: 0, stderr: "" });
    expect(await files()).toEqual(["/srv/kept/other/file"]);
  });

  test("--purge leaves systemd's journal alone where the state was to lie beside it", async () => {
    await install();
    await writeFile(join(root, "etc/fleetban/fleetban.conf"), "state = /var/log\n");
    await mkdir(join(root, "var/log/journal"), { recursive: true });
    for (const file of ["journal.log", "system.journal"])
      await writeFile(join(root, "var/log/journal", file), "");
    expect(await install("--remove", "--purge")).toMatchObject({ code: 0, stderr: "" });
    expect(await files()).toEqual(["/var/log/journal/system.journal"]);
  });

  test("the configuration that is shipped is one that the programs take, but for what must be filled in", async () => {
    await install();
    const config = join(root, "etc/fleetban/fleetban.conf");
    const { code, stderr } = await run(["sh", join(HOST, "ship"), "--config", config]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("logs-bucket is missing") });
    await mkdir(join(root, "log"));
    await writeFile(join(root, "log", "mail.log"), "");
    const all = (await readFile(config, "utf8"))
      .replace(/^#([a-z-]+ = )/gm, "$1")
      .replace(/-bucket =$/gm, "$& x");
    const here = all
      .replaceAll("/var/log/", `${root}/log/`)
      .replace("/var/lib/fleetban", `${root}/state`)
      .replace("/usr/local/bin/some-program", "/bin/true");
    await writeFile(config, here.replace(/^#?(access-key-id|secret-access-key) =$/gm, "$1 = x"));
    expect(await run(["sh", join(HOST, "ship"), "--config", config])).toEqual(DONE);
  });
});

describeWith(["dpkg-deb", "git"])("package", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "fleetban-package-"));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const build = async (folder: string, umask = "022") => {
    const line = `umask ${umask} && exec "$0" "$@"`;
    const { stdout, stderr } = await run([
      "sh",
      "-c",
      line,
      join(HOST, "package"),
      "1.2.3",
      join(dir, folder),
    ]);
    expect(stderr).toBe("");
    return Promise.all(
      stdout
        .trim()
        .split("\n")
        .map((file) => readFile(file)),
    );
  };

  test("builds the same tarball and .deb from the same sources, and they hold the programs", async () => {
    const [first, second] = [await build("one"), await build("two", "077")];
    expect(first.map((bytes, index) => bytes.equals(second[index]!))).toEqual([true, true]);
    await run(["dpkg-deb", "-x", join(dir, "one", "fleetban-host_1.2.3_all.deb"), join(dir, "root")]);
    expect(await run([join(dir, "root/usr/sbin/fleetban-ship"), "--help"])).toMatchObject({ code: 0 });
    await run(["tar", "-C", dir, "-xzf", join(dir, "one", "fleetban-host-1.2.3.tar.gz")]);
    expect(await run([join(dir, "fleetban-host-1.2.3/apply"), "--help"])).toMatchObject({ code: 0 });
    expect(await readFile(join(dir, "fleetban-host-1.2.3/docs/emergency.md"), "utf8")).toContain("--stop");
  }, 120_000);
});

describeWith(["ansible-playbook"])("Ansible's role", () => {
  test("is one that Ansible reads", async () => {
    const dir = await mkdtemp(join(tmpdir(), "fleetban-ansible-"));
    await writeFile(join(dir, "play.yml"), `- hosts: all\n  roles: [{ role: ${join(HOST, "ansible")} }]\n`);
    const syntax = ["ansible-playbook", "-i", "localhost,", "--syntax-check", join(dir, "play.yml")];
    expect(await run(syntax)).toMatchObject({ code: 0, stderr: "" });
    await rm(dir, { recursive: true });
  });

  test("tells of each variable in its README", async () => {
    const defaults = await readFile(join(HOST, "ansible/defaults/main.yml"), "utf8");
    const readme = await readFile(join(HOST, "ansible/README.md"), "utf8");
    const variables = [...defaults.matchAll(/^(fleetban_\w+):/gm)].map(([, name]) => name!);
    expect(variables.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});

test("the man pages tell of each option", async () => {
  for (const program of ["ship", "apply"]) {
    const { stdout } = await run([join(HOST, program), "--help"]);
    const page = (await readFile(join(HOST, "man", `fleetban-${program}.8`), "utf8")).replaceAll("\\-", "-");
    const options = new Set([...stdout.matchAll(/--[a-z-]+/g)].map(([option]) => option));
    expect([...options].filter((option) => !page.includes(option))).toEqual([]);
  }
});

describeWith(["shellcheck"])("shellcheck", () => {
  test("finds nothing in the host's scripts", async () => {
    const scripts = ["ship", "apply", "install", "package", "deb/postinst", "deb/prerm", "deb/postrm"].map(
      (name) => join(HOST, name),
    );
    expect(await run(["shellcheck", "-x", "-a", ...scripts])).toEqual(DONE);
  }, 120_000);
});
