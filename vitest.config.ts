import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const site = "test/site/**/*.test.ts";
const operations = "test/operations/**/*.test.ts";

export default defineConfig({
  test: {
    env: { TZ: "America/Los_Angeles" },
    // On two cores vitest would run one file after another; waits for time-outs and child processes leave room for two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Each also runs alone, as in `npx vitest run --project unit`.
    projects: [
      { extends: true, test: { name: "unit", include: ["test/**/*.test.ts"], exclude: [site, operations] } },
      {
        extends: true,
        test: { name: "site", include: [site], globalSetup: "test/support/builtSite.ts", testTimeout: 90_000 },
      },
      { extends: true, test: { name: "operations", include: [operations] } },
    ],
  },
});
