import { appendFileSync } from "node:fs";

/** Lists warnings on the run's page, where a run that went well is looked at; elsewhere than on GitHub there is none. */
export function addToSummary(warnings: readonly string[], file = process.env.GITHUB_STEP_SUMMARY): void {
  if (file && warnings.length > 0) appendFileSync(file, warnings.map((warning) => `- warning: ${warning}\n`).join(""));
}
