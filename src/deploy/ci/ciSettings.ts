import { checkCheckpointPlace } from "../checkpoint/saveCheckpoint.js";
import { type Remote, remoteOf } from "./branch.js";
import type { GithubSettings } from "./github.js";
import { outcomes } from "./workflowJob.js";

/** Settings from the environment of the workflow. */
export interface CiSettings extends GithubSettings {
  /** Repository with the branches of the state and the site. */
  remote: Remote;
  /** The run's page; null outside of GitHub. */
  runUrl: string | null;
  /** `schedule`, `workflow_dispatch`, …; null outside of GitHub. */
  event: string | null;
  /** File name of the running workflow. */
  workflow: string;
  /** Address of the published site, with a slash; null to ask GitHub for it. */
  site: string | null;
  /** Whether to start without a state when none is found. */
  coldStart: boolean;
  /** Where to save the state instead of the branch: a folder, a `.tar` file or its URL. */
  state: string | null;
  webhook: string | null;
  /** Outcomes to send to the webhook. */
  webhookOn: readonly string[];
}

type Environment = Record<string, string | undefined>;

/** Reads the settings. Throws when one is invalid. */
export function ciSettings(env: Environment = process.env): CiSettings {
  const get = (name: string) => env[name]?.trim() || null;
  const repository = get("GITHUB_REPOSITORY");
  const server = get("GITHUB_SERVER_URL") ?? "https://github.com";
  const runId = get("GITHUB_RUN_ID");
  const token = get("GITHUB_TOKEN");
  const webhookOn = (get("ISOTHERM_WEBHOOK_ON") ?? outcomes.join(",")).split(/[\s,]+/);
  const unknown = webhookOn.find((outcome) => !(outcomes as readonly string[]).includes(outcome));
  if (unknown) throw new Error(`ISOTHERM_WEBHOOK_ON: ${unknown} is not one of ${outcomes.join(", ")}`);
  return {
    repository,
    remote: remoteOf(get("ISOTHERM_REMOTE") ?? (repository ? `${server}/${repository}.git` : "origin"), token),
    api: withSlash(get("GITHUB_API_URL") ?? "https://api.github.com"),
    token,
    runUrl: repository && runId ? `${server}/${repository}/actions/runs/${runId}` : null,
    event: get("GITHUB_EVENT_NAME"),
    // octo/isotherm/.github/workflows/hourly.yml@refs/heads/main
    workflow: /([^/@]+)@/.exec(get("GITHUB_WORKFLOW_REF") ?? "")?.[1] ?? "hourly.yml",
    site: withSlash(get("ISOTHERM_SITE")),
    coldStart: get("ISOTHERM_COLD_START") === "true",
    state: statePlace(get("ISOTHERM_STATE")),
    webhook: get("ISOTHERM_WEBHOOK"),
    webhookOn,
  };
}

/** Checks the place early, so that a run that can't save its state fails before it does anything. */
function statePlace(place: string | null): string | null {
  try {
    if (place !== null) checkCheckpointPlace(place);
    return place;
  } catch (error) {
    throw new Error(`ISOTHERM_STATE: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function withSlash<T extends string | null>(url: T): T {
  return (url === null || url.endsWith("/") ? url : `${url}/`) as T;
}
