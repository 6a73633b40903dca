import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { minuteMs } from "../../shared/time.js";

/** A repository and what grants access to it. */
export interface Remote {
  url: string;
  /** Git's configuration as environment variables, which other processes can't read. */
  env: Readonly<Record<string, string>>;
}

/** @param url of a server, a folder, or the name of a remote of this repository */
export function remoteOf(url: string, token: string | null): Remote {
  if (!token || !/^https?:\/\//.test(url)) return { url, env: {} };
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  const header = {
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  };
  return { url, env: { GIT_CONFIG_COUNT: "1", ...header } };
}

export interface PushedFolder {
  folder: string;
  branch: string;
  message: string;
  /** The commit that the branch must have before the push, null for no branch; not checked if absent. */
  expected?: string | null | undefined;
}

/**
 * Replaces a branch by a single commit with the content of a folder, so that the branch does not grow. Sends only files
 * that the branch does not have yet.
 * @returns the commit
 * @throws when the branch does not have the expected commit; it stays unchanged
 */
export async function pushOrphan(remote: Remote, { folder, branch, message, expected }: PushedFolder): Promise<string> {
  const repository = await mkdtemp(join(tmpdir(), "isotherm-git-"));
  const cwd = resolve(folder);
  const git = (command: string, ...more: string[]) =>
    runGit(remote, [...command.split(" "), ...more], { cwd, env: { GIT_DIR: repository, GIT_WORK_TREE: cwd } });
  try {
    await git("init --quiet");
    await git("remote add origin", await urlOf(remote));
    await git("add --all --force .");
    const commit = await git("commit-tree -m", message, await git("write-tree"));
    const ref = `refs/heads/${branch}`;
    // Fetches the names of the branch's files without their content, so that git knows what it need not send.
    await git("fetch --quiet --depth=1 --no-tags --filter=blob:none origin", ref).catch(ifBranchExists);
    const force = expected === undefined ? "--force" : `--force-with-lease=${ref}:${expected ?? ""}`;
    await git("push --quiet", force, "origin", `${commit}:${ref}`);
    return commit;
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("(stale info)"))) throw error;
    throw new Error(`branch ${branch} was changed by another run, or was never restored here; nothing was pushed`, {
      cause: error,
    });
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
}

export interface CheckOut {
  /** An empty folder. */
  folder: string;
  branch: string;
}

/**
 * Writes the files of a branch's newest commit into a folder.
 * @returns the commit; null when there is no such branch
 */
export async function checkOutBranch(remote: Remote, { folder, branch }: CheckOut): Promise<string | null> {
  const git = (...args: string[]) => runGit(remote, args, { cwd: folder });
  try {
    await git("clone", "--quiet", "--depth=1", "--no-tags", `--branch=${branch}`, await urlOf(remote), ".");
  } catch (error) {
    ifBranchExists(error);
    return null;
  }
  const commit = await git("rev-parse", "HEAD");
  await rm(join(folder, ".git"), { recursive: true });
  return commit;
}

/** Rethrows git's errors, unless the branch does not exist. */
function ifBranchExists(error: unknown): void {
  if (!(error instanceof Error && /couldn't find remote ref|Remote branch .* not found/.test(error.message)))
    throw error;
}

/** Resolves the name of a remote of the current repository to its URL. */
async function urlOf(remote: Remote): Promise<string> {
  return /^[\w-]+$/.test(remote.url) ? runGit(remote, ["remote", "get-url", remote.url]) : remote.url;
}

const longestMs = 10 * minuteMs;
const largestOutput = 1 << 26;

const settings = {
  "advice.detachedHead": "false",
  "core.autocrlf": "false",
  "gc.auto": "0",
  // Parquet files and states are compressed already; delta compression takes long and gains nothing.
  "core.bigFileThreshold": "64k",
  "core.compression": "1",
  "pack.window": "0",
  "user.name": "github-actions[bot]",
  "user.email": "41898282+github-actions[bot]@users.noreply.github.com",
};
const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);

/** No questions, and messages in English. */
const environment = { GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };

interface Surroundings {
  cwd?: string;
  env?: Record<string, string>;
}

/** Runs git and returns its output. Throws its error output when it fails. */
async function runGit(remote: Remote, args: readonly string[], { cwd, env }: Surroundings = {}): Promise<string> {
  const running = promisify(execFile)("git", [...options, ...args], {
    ...(cwd ? { cwd } : {}),
    env: { ...process.env, ...environment, ...remote.env, ...env },
    timeout: longestMs,
    maxBuffer: largestOutput,
  });
  running.child.stdin!.on("error", () => undefined).end();
  try {
    return (await running).stdout.trim();
  } catch (error) {
    const { code, stderr = "" } = error as { code?: number | string; stderr?: string };
    throw new Error(`git ${args[0]} failed: ${stderr.trim() || `exit code ${code}`}`, { cause: error });
  }
}
