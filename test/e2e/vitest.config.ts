import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that take minutes, most of them first: one that began last would run on alone. */
const LONG = [
  "counting-chaos",
  "bare-root",
  "latency",
  "bare-install",
  "apply",
  "counting-memory",
  "firewalld",
  "fleet",
  "debian13",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return found < 0 ? LONG.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

/** What crosses processes or takes long: real daemons, kernels, bare systems, kills, simulated months. Needs root on Debian; .ci/run installs the rest. */
export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts", "test/conformance/**/*.test.ts", "test/**/*.slow.test.ts"],
    // a machine of two cores is enough: most of these wait half of their time
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
