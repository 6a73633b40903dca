import { appendFileSync } from "node:fs";
import { sendOnce } from "../../data/http/http.js";

export interface GithubReply {
  status: number;
  /** Null when the body is not JSON. */
  json: unknown;
}

/** The repository and the credentials. */
export interface GithubSettings {
  /** `owner/name`; null outside of GitHub. */
  repository: string | null;
  /** Base address of the REST API, with a slash. */
  api: string;
  token: string | null;
}

/**
 * Calls the REST API on a path of the repository, such as `issues`; returns any status. Throws outside of a workflow, and
 * when there is no answer.
 */
export async function callGithub(
  { api, repository, token }: GithubSettings,
  method: "GET" | "POST" | "PUT" | "PATCH",
  path: string,
  body?: object,
): Promise<GithubReply> {
  if (repository === null) throw new Error("GITHUB_REPOSITORY is not set: this is not a run of GitHub Actions");
  const { status, text } = await sendOnce(`${api}repos/${repository}/${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { "content-type": "application/json" } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

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
