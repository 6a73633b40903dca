/** How GitHub says that a job ended. One that runs out of time is cancelled. */
export const jobResults = ["success", "failure", "cancelled", "skipped"] as const;
export type JobResult = (typeof jobResults)[number];

export const outcomes = ["success", "timeout", "failure"] as const;
export type Outcome = (typeof outcomes)[number];

/** What came of all jobs together. */
export function outcomeOf(results: readonly JobResult[]): Outcome {
  if (results.includes("failure")) return "failure";
  return results.includes("cancelled") ? "timeout" : "success";
}
