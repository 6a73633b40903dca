import { checkCheckpointPlace } from "../checkpoint/saveCheckpoint.js";
import { type Remote, remoteOf } from "./branch.js";

/** Settings from the environment of the workflow. */
export interface CiSettings {
  /** `owner/name`, or gh's words for that of this checkout. */
  repository: string;
  /** Repository with the branches of the state and the site. */
  remote: Remote;
  /** `schedule`, `workflow_dispatch`, …; null outside of GitHub. */
  event: string | null;
  /** Address of the published site, with a slash; null to ask GitHub for it. */
  site: string | null;
  /** Whether to start without a state when none is found. */
  coldStart: boolean;
  /** Where to save the state instead of the branch: a folder, a `.tar` file or its URL. */
  state: string | null;
}

type Environment = Record<string, string | undefined>;

/** Reads the settings. Throws when one is invalid. */
export function ciSettings(env: Environment = process.env): CiSettings {
  const get = (name: string) => env[name]?.trim() || null;
  const repository = get("GITHUB_REPOSITORY");
  const server = get("GITHUB_SERVER_URL") ?? "https://github.com";
  const url = get("ISOTHERM_REMOTE") ?? (repository ? `${server}/${repository}.git` : "origin");
  return {
    repository: repository ?? "{owner}/{repo}",
    remote: remoteOf(url, get("GH_TOKEN")),
    event: get("GITHUB_EVENT_NAME"),
    site: withSlash(get("ISOTHERM_SITE")),
    coldStart: get("ISOTHERM_COLD_START") === "true",
    state: statePlace(get("ISOTHERM_STATE")),
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
