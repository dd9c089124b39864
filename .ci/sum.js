/**
 * Adds up what .ci/run has found: `node sum.js DIR`. DIR holds steps.tsv (name, exit status) and, for a step that has
 * a report, vitest's JSON as NAME.json. A step without report counts as one check. A test that did not run has not
 * passed, but for those that may be skipped, see maySkip. Plain JavaScript, as it must also run on Node 20 when `npm ci` has failed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [directory = "."] = process.argv.slice(2);
const steps = readFileSync(join(directory, "steps.tsv"), "utf8").trim().split("\n");
const counts = steps.map((line) => {
  const [name = "", status] = line.split("\t");
  return countOf(name, status === "0");
});
const passed = sum(counts.map((count) => count.passed));
const failed = sum(counts.map((count) => count.failed));
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function countOf(name, succeeded) {
  const file = join(directory, `${name}.json`);
  if (!existsSync(file)) return countOfCheck(name, succeeded);
  const { testResults } = JSON.parse(readFileSync(file, "utf8"));
  const count = { passed: 0, failed: 0 };
  for (const { assertionResults, ...testFile } of testResults) {
    for (const { status, fullName } of assertionResults) {
      if (status === "passed") count.passed++;
      else if (status !== "failed" && maySkip(testFile.name)) console.log(`${name}: ${status}: ${fullName}`);
      else fail(count, `${name}: ${status}: ${fullName}`);
    }
    // a file that cannot be loaded, or a hook that fails, has no test that tells
    const told = assertionResults.some(({ status }) => status === "failed");
    if (testFile.status === "failed" && !told) fail(count, `${name}: failed: ${testFile.name}`);
  }
  if (!succeeded && count.failed === 0) fail(count, `${name}: failed outside of its tests`);
  return count;
}

/**
 * Corpus and recorded: logs that lie beside the checkout, where they may be absent. Independent: what another S3 server is
 * known to do unlike S3; without any such server the file fails in CI.
 */
function maySkip(file) {
  return /(corpus|recorded|independent)[^/]*$/.test(file);
}

function countOfCheck(name, succeeded) {
  const count = { passed: succeeded ? 1 : 0, failed: 0 };
  if (!succeeded) fail(count, `${name}: failed`);
  return count;
}

function fail(count, message) {
  count.failed++;
  console.log(message);
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
