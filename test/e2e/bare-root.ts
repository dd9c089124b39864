import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** A Debian in a folder, with nothing in it but Debian's smallest base, and the packages that were asked for. */
export interface BareRoot {
  /** The folder that is `/` inside. */
  path: string;
  /** Runs a shell line inside, as a user without rights, in `/srv`. Rejects, with its output, if it fails. */
  run(line: string): Promise<Output>;
  /** The same as root, in `/root`. */
  runAsRoot(line: string): Promise<Output>;
  remove(): Promise<void>;
}

export interface BareRootOptions {
  /** Debian's release; 12 unless told. */
  suite?: "bookworm" | "trixie";
  /** Packages to install; Node and npm unless told. */
  packages?: string[];
  /** Packages to fetch with what they depend on, so that apt-get can install them without a network. */
  downloads?: string[];
  /** The network namespace that is the network inside; this machine's unless told. */
  namespace?: string;
}

export interface Output {
  stdout: string;
  stderr: string;
}

/** Why no bare root can be made here; undefined if one can. */
export async function whyNoBareRoot(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "only root can make a bare Debian";
  try {
    await execute("debootstrap", ["--version"]);
  } catch {
    return "debootstrap is not installed (apt-get install debootstrap)";
  }
  return undefined;
}

/** Takes packages from where this machine takes them: its Debian mirror, its npm registry, its proxies and certificates. */
export async function createBareRoot(options: BareRootOptions = {}): Promise<BareRoot> {
  const { suite = "bookworm", packages = ["nodejs", "npm"], downloads = [], namespace } = options;
  const path = await mkdtemp(join(tmpdir(), "fleetban-bare-"));
  await chmod(path, 0o755); // mkdtemp's 0700 would be the mode of `/` inside
  const remove = () => rm(path, { recursive: true, force: true });
  try {
    await dontSync(path);
    await inOwnNamespaces(["debootstrap", "--variant=minbase", suite, path, await debianMirror()]);
    await copyNetworkSettings(path);
    await inside(path, "0:0", `apt-get -qq update && apt-get -qq install ${packages.join(" ")}`);
    if (downloads.length > 0)
      await inside(path, "0:0", `apt-get -qq install --download-only ${downloads.join(" ")}`);
    await copyNpmSettings(path);
    await inside(path, "0:0", `install -d -o ${USER} -g ${USER} /srv /home/user`);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    path,
    remove,
    run: (line) => inside(path, `${USER}:${USER}`, `cd /srv && ${line}`, namespace),
    runAsRoot: (line) => inside(path, "0:0", `cd /root && ${line}`, namespace),
  };
}

const USER = 1000;

const execute = promisify(execFile);

/** Mounts and processes end with the command, however it ends: nothing is left but the folder. */
async function inOwnNamespaces(command: string[], proc = "/proc", network?: string): Promise<Output> {
  const unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", `--mount-proc=${proc}`];
  const [program = "", ...args] =
    network === undefined ? unshare : ["ip", "netns", "exec", network, ...unshare];
  return await execute(program, [...args, ...command], { maxBuffer: 64 * 1024 * 1024 });
}

async function inside(path: string, user: string, line: string, network?: string): Promise<Output> {
  const home = user === "0:0" ? "/root" : "/home/user";
  const environment = Object.entries({
    ...proxies(),
    ...(await certificates()),
    ...ENVIRONMENT,
    HOME: home,
  });
  const assignments = environment.map(([name, value]) => `${name}=${value}`);
  const shell = ["env", "-i", ...assignments, "sh", "-euc", line];
  return await inOwnNamespaces(["chroot", `--userspec=${user}`, path, ...shell], join(path, "proc"), network);
}

const ENVIRONMENT = {
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  LANG: "C.UTF-8",
  DEBIAN_FRONTEND: "noninteractive",
};

function proxies(): Record<string, string> {
  const set = Object.entries(process.env).filter(([name]) => /^(https?|no|all)_proxy$/i.test(name));
  return Object.fromEntries(set) as Record<string, string>;
}

/** dpkg syncs each file to disk, which takes most of its time; this root does not outlive the test. */
async function dontSync(path: string): Promise<void> {
  await mkdir(join(path, "etc/dpkg/dpkg.cfg.d"), { recursive: true });
  await writeFile(join(path, "etc/dpkg/dpkg.cfg.d/unsafe-io"), "force-unsafe-io\n");
}

async function debianMirror(): Promise<string> {
  const { stdout } = await execute("apt-get", [
    "indextargets",
    "--format",
    "$(SITE)",
    "Origin: Debian",
    "Component: main",
  ]);
  const mirror = stdout.split("\n").find((site) => site !== "" && !site.includes("security"));
  if (mirror === undefined)
    throw new Error("apt-get indextargets names no Debian mirror: run apt-get update first");
  return mirror;
}

async function copyNetworkSettings(path: string): Promise<void> {
  for (const file of ["/etc/resolv.conf", "/etc/hosts"]) await copyFile(file, join(path, file));
  const { stdout } = await execute("apt-config", ["dump"]);
  const settings = stdout.split("\n").filter((line) => /^Acquire::https?::/.test(line));
  settings.push('APT::Install-Recommends "false";');
  await writeFile(join(path, "etc/apt/apt.conf.d/99machine"), `${settings.join("\n")}\n`);
}

async function copyNpmSettings(path: string): Promise<void> {
  const files = await Promise.all([npmConfig("globalconfig"), npmConfig("userconfig")]);
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  await writeFile(join(path, "etc/npmrc"), texts.join("\n"));
  for (const file of Object.values(await certificates())) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await copyFile(file, join(path, file));
  }
}

/** The variables that name certificate authorities for Node and npm, where this machine has its own. */
async function certificates(): Promise<Record<string, string>> {
  const cafile = await npmConfig("cafile");
  const { NODE_EXTRA_CA_CERTS } = process.env;
  return {
    ...(NODE_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS }),
    ...(cafile !== "null" && cafile !== "" && { npm_config_cafile: cafile }),
  };
}

async function npmConfig(key: string): Promise<string> {
  // outside the project, whose own settings are not the machine's
  const { stdout } = await execute("npm", ["config", "get", key], { cwd: "/" });
  return stdout.trim();
}
