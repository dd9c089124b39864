import { defineConfig } from "vitest/config";

/** The fast tests: no daemon, no root, under two minutes on two cores. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "**/*.slow.test.ts", "test/conformance/**"],
    // vitest would leave one of two cores idle
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
