import { defineConfig } from "vitest/config";

/** What crosses processes or takes long: real daemons, kernels, bare systems, kills, simulated months. Needs root on Debian; .ci/run installs the rest. */
export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts", "test/conformance/**/*.test.ts", "test/**/*.slow.test.ts"],
    // one after the other: they share the machine's two cores and its clock-bound promises
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
