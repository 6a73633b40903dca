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
