import { appendFileSync } from "node:fs";

// What a job of a workflow tells GitHub without a request. It loads quickly, so that every command may import it.

/** Sets an output of the step, for later steps; does nothing outside of GitHub. */
export function setOutput(name: string, value: string, file = process.env.GITHUB_OUTPUT): void {
  if (file) appendFileSync(file, `${name}=${value}\n`);
}

/** Lists warnings on the run's summary page; does nothing outside of GitHub. */
export function addToSummary(warnings: readonly string[], file = process.env.GITHUB_STEP_SUMMARY): void {
  if (file && warnings.length > 0) appendFileSync(file, warnings.map((warning) => `- warning: ${warning}\n`).join(""));
}
