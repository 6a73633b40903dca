import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Tests of pages look at one built site, which is built before the first of them and not for any other test. */
const pages = "test/site/pages/*.test.ts";

export default defineConfig({
  test: {
    env: { TZ: "America/Los_Angeles" },
    // On two cores vitest would run one file after another; waits for time-outs and child processes leave room for two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: "units", include: ["test/**/*.test.ts"], exclude: [pages] } },
      {
        extends: true,
        test: { name: "pages", include: [pages], globalSetup: "test/support/builtSite.ts", testTimeout: 90_000 },
      },
    ],
  },
});
