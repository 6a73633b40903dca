import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { minuteMs } from "../../shared/time.js";

/** A repository and the git configuration that grants access to it. */
export interface Remote {
  url: string;
  /** Passed by environment variables, which other processes can't read. */
  config: Readonly<Record<string, string>>;
}

/** @param url of a server, a folder, or the name of a remote of this repository */
export function remoteOf(url: string, token: string | null): Remote {
  if (!token || !/^https?:\/\//.test(url)) return { url, config: {} };
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return { url, config: { [`http.${new URL(url).origin}/.extraheader`]: `AUTHORIZATION: basic ${basic}` } };
}

/** A temporary repository to fetch into and push from. */
export interface Git {
  /** Runs git and returns its output. Throws its error output when it fails. */
  run(args: readonly string[], options?: { workTree?: string; input?: string }): Promise<string>;
}

const longestMs = 10 * minuteMs;
const largestOutput = 1 << 26;

const author = "github-actions[bot]";
const email = "41898282+github-actions[bot]@users.noreply.github.com";

/** The author of the commits, and no questions. */
const environment = {
  GIT_AUTHOR_NAME: author,
  GIT_AUTHOR_EMAIL: email,
  GIT_COMMITTER_NAME: author,
  GIT_COMMITTER_EMAIL: email,
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
};

const settings = {
  "core.autocrlf": "false",
  "gc.auto": "0",
  // Parquet files and states are compressed already; delta compression takes long and gains nothing.
  "core.bigFileThreshold": "64k",
  "core.compression": "1",
  "pack.window": "0",
};

/** Works in a temporary repository with the remote `origin`. */
export async function withGit<T>({ url, config }: Remote, work: (git: Git) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "isotherm-git-"));
  const run: Git["run"] = (args, { workTree = folder, input } = {}) => {
    // Git resolves relative paths from its own folder.
    const cwd = resolve(workTree);
    return runGit(args, { env: { GIT_DIR: join(folder, ".git"), GIT_WORK_TREE: cwd }, cwd, config, input });
  };
  try {
    await run(["init", "--quiet"]);
    await run(["remote", "add", "origin", await resolveUrl(url)]);
    return await work({ run });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Resolves the name of a remote of the current repository to its URL. */
async function resolveUrl(url: string): Promise<string> {
  return /^[\w-]+$/.test(url) ? (await runGit(["remote", "get-url", url])).trim() : url;
}

interface Surroundings {
  env?: Record<string, string>;
  cwd?: string;
  config?: Readonly<Record<string, string>>;
  input?: string;
}

async function runGit(args: readonly string[], { env, cwd, config, input = "" }: Surroundings = {}): Promise<string> {
  const entries = Object.entries({ ...settings, ...config });
  const configured = Object.fromEntries(
    entries.flatMap(([key, value], i) => [
      [`GIT_CONFIG_KEY_${i}`, key],
      [`GIT_CONFIG_VALUE_${i}`, value],
    ]),
  );
  const running = promisify(execFile)("git", args, {
    ...(cwd ? { cwd } : {}),
    env: { ...process.env, ...configured, ...environment, GIT_CONFIG_COUNT: String(entries.length), ...env },
    timeout: longestMs,
    maxBuffer: largestOutput,
  });
  running.child.stdin!.on("error", () => undefined).end(input);
  try {
    return (await running).stdout;
  } catch (error) {
    const { code, stderr = "" } = error as { code?: number | string; stderr?: string };
    throw new Error(`git ${args[0]} failed: ${stderr.trim() || `exit code ${code}`}`, { cause: error });
  }
}
