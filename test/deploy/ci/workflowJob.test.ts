import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { addToSummary } from "../../../src/deploy/ci/workflowJob.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

it("appends warnings to the run's summary page, if there is one", async () => {
  const file = join(await temporaryFolder(), "summary.md");
  writeFileSync(file, "said before\n");
  addToSummary(["quantiles cross: KATL", "never observed: KSEA"], file);
  addToSummary([], file);
  expect(readFileSync(file, "utf8")).toBe(
    "said before\n- warning: quantiles cross: KATL\n- warning: never observed: KSEA\n",
  );
  addToSummary(["quantiles cross: KATL"], "");
});
