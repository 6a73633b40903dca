import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const site = "test/site/**/*.test.ts";
const operations = "test/operations/**/*.test.ts";

/**
 * Starts with operations, during which the site for the tests of pages is built, and ends with the many short tests.
 * Operations that build sites come last among them, when the bundles of that first build are there.
 */
class LongTestsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order = ["operations", "site", "unit"];
    const rank = ({ project, moduleId }: TestSpecification) =>
      order.indexOf(project.name) + (/operations\/(start|workflow)/.test(moduleId) ? 0.5 : 0);
    // Short tests by folder: a worker goes on with the next file only where that has the same environment.
    const byFolder = (a: TestSpecification, b: TestSpecification) =>
      a.project.name === "unit" ? a.moduleId.localeCompare(b.moduleId) : 0;
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b) || byFolder(a, b));
  }
}

export default defineConfig({
  test: {
    globalSetup: "test/support/temporaryRoot.ts",
    setupFiles: "test/support/oneThread.ts",
    env: { TZ: "America/Los_Angeles" },
    // Tests wait for time-outs and child processes half of their time.
    maxWorkers: 2 * availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: LongTestsFirst },
    // Each also runs alone, as in `npx vitest run --project unit`.
    projects: [
      {
        extends: true,
        // Its many short files share what they import.
        test: { name: "unit", include: ["test/**/*.test.ts"], exclude: [site, operations], isolate: false },
      },
      {
        extends: true,
        // Its files share the browser, its used tabs and what they import.
        test: {
          name: "site",
          include: [site],
          globalSetup: ["test/support/builtSite.ts"],
          testTimeout: 90_000,
          isolate: false,
        },
      },
      { extends: true, test: { name: "operations", include: [operations], isolate: false } },
    ],
  },
});
