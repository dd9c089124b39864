/**
 * Makes sure that `node` in npm's scripts is the Node 24 that package.json pins. Runs on any Node from 18.
 *
 * npm before 11 removes node_modules/.bin/node after linking it: it cleans up after the package of the other
 * architecture, whose link has the same name (Arborist's _addNodeToTrashList). So the link is made again here.
 */
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";

const OLDEST_NODE = [22, 18]; // runs TypeScript without a flag
const binary = `node-${process.platform}-${process.arch}/bin/node`;
const link = "node_modules/.bin/node";

if (existsSync(`node_modules/${binary}`)) {
  mkdirSync("node_modules/.bin", { recursive: true });
  if (!existsSync(link)) {
    rmSync(link, { force: true });
    symlinkSync(`../${binary}`, link);
  }
} else if (isTooOld(process.versions.node)) {
  console.error(
    `fleetban needs Node ${OLDEST_NODE.join(".")} or newer. This is Node ${process.versions.node}, and no Node comes ` +
      `with the packages for ${process.platform} on ${process.arch}. Install a newer Node, then run npm ci again.`,
  );
  process.exitCode = 1;
}

function isTooOld(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}
