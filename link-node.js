/**
 * After `npm ci`: makes npm's scripts run on the Node 24 that package.json pins, with all that it needs, whichever Node
 * runs npm. Plain JavaScript for any Node from 18. Mends two habits of npm:
 *
 * - Before version 11 it removes node_modules/.bin/node after linking it, as it cleans up after the package of the other
 *   architecture, whose link has the same name (Arborist's _addNodeToTrashList).
 * - It leaves out optional packages that want a newer Node than its own, as the native parts of vitest do.
 */
import { execFileSync } from "node:child_process";
import { existsSync, rmSync, symlinkSync } from "node:fs";

const OLDEST_NODE = [22, 18]; // runs TypeScript without a flag
const pinned = `node-${process.platform}-${process.arch}/bin/node`;
const npmsNode =
  /node\/v(\d+\.\d+)/.exec(process.env.npm_config_user_agent ?? "")?.[1] ?? process.versions.node;

if (existsSync(`node_modules/${pinned}`)) {
  link();
  if (isTooOld(npmsNode)) {
    addLeftOut();
    link();
  }
} else if (isTooOld(npmsNode)) {
  console.error(
    `fleetban needs Node ${OLDEST_NODE.join(".")} or newer. This is Node ${npmsNode}, and no Node comes with the ` +
      `packages for ${process.platform} on ${process.arch}. Install a newer Node, then run npm ci again.`,
  );
  process.exitCode = 1;
}

function link() {
  const path = "node_modules/.bin/node";
  if (existsSync(path)) return;
  rmSync(path, { force: true }); // it may lead to nowhere
  symlinkSync(`../${pinned}`, path);
}

/** Lets npm run on the pinned Node, and add what it left out. */
function addLeftOut() {
  const npm = process.env.npm_execpath;
  if (npm === undefined) return;
  const install = [npm, "install", "--no-save", "--ignore-scripts", "--loglevel=error"];
  execFileSync(`node_modules/${pinned}`, ["--no-deprecation", ...install], { stdio: "inherit" });
}

function isTooOld(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}
