import { execFile } from "node:child_process";
import { access, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** 3.3.1 came without its schemas. */
const VERSION = "3.3.2";
const INSTALL_MS = 5 * 60_000;

/** OASIS's own validator, BSD-3-Clause, from PyPI, kept in the user's cache folder; undefined where it cannot be had, saying why. */
export async function stixValidator(): Promise<string | undefined> {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const environment = join(cache, "fleetban-test", `stix2-validator-${VERSION}`);
  const program = join(environment, "bin", "stix2_validator");
  try {
    await access(program).catch(() => install(environment));
    return program;
  } catch (error) {
    // in CI this must not go unseen
    if (process.env.CI === "true") throw error;
    console.warn(
      `skipped, as stix2-validator cannot be installed: ${(error as Error).message.split("\n")[0]}`,
    );
    return undefined;
  }
}

async function install(environment: string): Promise<void> {
  const run = promisify(execFile);
  await mkdir(environment, { recursive: true });
  await run("python3", ["-m", "venv", environment], { timeout: INSTALL_MS });
  const pip = join(environment, "bin", "pip");
  await run(pip, ["install", "--quiet", `stix2-validator==${VERSION}`], { timeout: INSTALL_MS });
}
