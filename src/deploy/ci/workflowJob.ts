import { appendFileSync } from "node:fs";

// What the jobs of a workflow tell GitHub and each other without a request. It loads quickly, so that every command may
// import it.

/** GitHub's results of a job; `cancelled` includes a job that ran out of time. */
export const jobResults = ["success", "failure", "cancelled", "skipped"] as const;
export type JobResult = (typeof jobResults)[number];

export const outcomes = ["success", "timeout", "failure"] as const;
export type Outcome = (typeof outcomes)[number];

/** The outcome of all jobs together. */
export function outcomeOf(results: readonly JobResult[]): Outcome {
  if (results.includes("failure")) return "failure";
  return results.includes("cancelled") ? "timeout" : "success";
}

/** Sets an output of the step, for later steps; does nothing outside of GitHub. */
export function setOutput(name: string, value: string, file = process.env.GITHUB_OUTPUT): void {
  if (file) appendFileSync(file, `${name}=${value}\n`);
}

/** Lists warnings on the run's summary page; does nothing outside of GitHub. */
export function addToSummary(warnings: readonly string[], file = process.env.GITHUB_STEP_SUMMARY): void {
  if (file && warnings.length > 0) appendFileSync(file, warnings.map((warning) => `- warning: ${warning}\n`).join(""));
}
