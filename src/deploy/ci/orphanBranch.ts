import { type Git, type Remote, withGit } from "./git.js";

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
  return withGit(remote, async (git) => {
    await git.run(["add", "--all", "--force", "."], { workTree: folder });
    const tree = (await git.run(["write-tree"])).trim();
    const commit = (await git.run(["commit-tree", tree, "-m", message])).trim();
    // Fetches the names of the branch's files without their content, so that git knows what it need not send.
    await fetchTip(git, branch, ["--filter=blob:none"]);
    const force = expected === undefined ? "--force" : `--force-with-lease=refs/heads/${branch}:${expected ?? ""}`;
    try {
      await git.run(["push", "--quiet", force, "origin", `${commit}:refs/heads/${branch}`]);
    } catch (error) {
      if (!(error instanceof Error && error.message.includes("(stale info)"))) throw error;
      throw new Error(`branch ${branch} was changed by another run in the meantime; nothing was pushed`, {
        cause: error,
      });
    }
    return commit;
  });
}

/** The newest commit of a branch; null when there is no such branch. Throws when the repository can't be reached. */
export async function tipOf(remote: Remote, branch: string): Promise<string | null> {
  const listed = await withGit(remote, (git) => git.run(["ls-remote", "origin", `refs/heads/${branch}`]));
  return /^[0-9a-f]+/.exec(listed)?.[0] ?? null;
}

export interface CheckOut {
  folder: string;
  branch: string;
  /** Checks out this file first, then those that `names` returns; defaults to all files. */
  only?: { first: string; names(): readonly string[] };
}

/**
 * Writes the files of a branch's newest commit into a folder.
 * @returns false when there is no such branch
 */
export async function checkOutBranch(remote: Remote, { folder, branch, only }: CheckOut): Promise<boolean> {
  return withGit(remote, async (git) => {
    if (!(await fetchTip(git, branch, only ? ["--filter=blob:none"] : []))) return false;
    if (only) await chooseFiles(git, folder, [only.first]);
    await git.run(["checkout", "--quiet", "--detach", "FETCH_HEAD"], { workTree: folder });
    if (only) await chooseFiles(git, folder, [only.first, ...only.names()]);
    return true;
  });
}

/** Limits the folder to these files, fetching missing ones by one request. */
async function chooseFiles(git: Git, folder: string, names: readonly string[]): Promise<void> {
  await git.run(["sparse-checkout", "set", "--no-cone", "--stdin"], {
    workTree: folder,
    input: names.map((name) => `/${name}\n`).join(""),
  });
}

/** Fetches the newest commit of a branch without its history; false when there is no branch. */
async function fetchTip(git: Git, branch: string, options: readonly string[]): Promise<boolean> {
  try {
    await git.run(["fetch", "--quiet", "--depth=1", "--no-tags", ...options, "origin", `refs/heads/${branch}`]);
    return true;
  } catch (error) {
    if (error instanceof Error && /couldn't find remote ref/.test(error.message)) return false;
    throw error;
  }
}
