import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "./temporaryFolder.js";

/** A repository in a folder, as on a server. */
export interface BareRepository {
  folder: string;
  git(...args: string[]): string;
  /** Commits of a branch; empty when there is none. */
  commits(branch: string): string[];
  /** Files of its newest commit. */
  files(branch: string): string[];
}

/**
 * @param name below the folder of all of a server's repositories
 * @param template a repository to copy; empty if absent
 */
export async function bareRepository(name = "repository", template?: BareRepository): Promise<BareRepository> {
  const folder = join(await temporaryFolder(), `${name}.git`);
  if (template) cpSync(template.folder, folder, { recursive: true });
  else {
    execFileSync("git", ["init", "--quiet", "--bare", folder]);
    // As GitHub does.
    execFileSync("git", ["-C", folder, "config", "uploadpack.allowFilter", "true"]);
  }
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const lines = (text: string) => text.split("\n").filter(Boolean);
  return {
    folder,
    git,
    commits: (branch) => {
      try {
        return lines(git("rev-list", branch, "--"));
      } catch {
        return [];
      }
    },
    files: (branch) => lines(git("ls-tree", "-r", "--name-only", branch)),
  };
}

/** Path of the repository's site on the host of its owner. */
const below = "/weather/";

/** A branch that is served as by GitHub Pages. */
export interface ServedBranch {
  url: string;
  /** How many of the next pushes are not served. */
  ignoredPushes: number;
  close(): Promise<void>;
}

export async function serveBranch(repository: BareRepository, branch: string): Promise<ServedBranch> {
  const folder = await temporaryFolder();
  let newest: string | undefined;
  const pages: ServedBranch = { url: "", ignoredPushes: 0, close: async () => undefined };
  const serveNewest = () => {
    const ref = join(repository.folder, "refs", "heads", branch);
    const tip = existsSync(ref) ? readFileSync(ref, "utf8").trim() : undefined;
    if (tip === newest) return;
    newest = tip;
    if (tip === undefined) return;
    if (pages.ignoredPushes > 0) return void pages.ignoredPushes--;
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    repository.git("--work-tree", folder, "checkout", "--quiet", "--force", tip, "--", ".");
  };
  const server = createServer((request, response) => {
    serveNewest();
    const { pathname } = new URL(request.url!, "http://pages");
    const file = join(folder, decodeURIComponent(pathname.slice(below.length)) || "index.html");
    if (!pathname.startsWith(below) || !existsSync(file)) return void response.writeHead(404).end("not found");
    const type = file.endsWith(".json") ? "application/json" : "application/octet-stream";
    response.writeHead(200, { "content-type": type }).end(readFileSync(file));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  pages.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${below}`;
  pages.close = () =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return pages;
}
