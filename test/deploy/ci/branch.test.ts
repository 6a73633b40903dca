import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { checkOutBranch, pushOrphan, type Remote, remoteOf } from "../../../src/deploy/ci/branch.js";
import { type BareRepository, bareRepository } from "../../support/bareRepository.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

let repository: BareRepository;
let remote: Remote;
let folder: string;

beforeEach(async () => {
  repository = await bareRepository();
  remote = remoteOf(`file://${repository.folder}`, null);
  folder = await temporaryFolder();
  mkdirSync(join(folder, "a"));
  for (let i = 0; i < 20; i++) writeFileSync(join(folder, "a", `${i}.bin`), `content of ${i}`);
  writeFileSync(join(folder, ".gitignore"), "*.bin\n");
});

const push = (message: string) => pushOrphan(remote, { folder, branch: "state", message });
const filesIn = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();

describe("a branch of one commit", () => {
  it("has the folder's files, including ignored ones, and only one commit", async () => {
    await push("one");
    writeFileSync(join(folder, "a", "0.bin"), "changed");
    const second = await push("two");
    expect(repository.commits("state")).toEqual([second]);
    expect(repository.git("log", "-1", "--format=%s %an", "state")).toBe("two github-actions[bot]\n");
    expect(repository.files("state")).toHaveLength(21);
    expect(repository.git("cat-file", "blob", "state:a/0.bin")).toBe("changed");
  });

  it("has the files of a folder with a relative path", async () => {
    // Through a folder that exists only here, because a path of equal depth could be valid from there too.
    const fromHere = `src/pipeline/../../${relative(process.cwd(), folder)}`;
    await pushOrphan(remote, { folder: fromHere, branch: "gh-pages", message: "one" });
    expect(repository.files("gh-pages")).toHaveLength(21);
  });

  it("is a new commit even if nothing has changed", async () => {
    expect(await push("Site, build 1")).not.toBe(await push("Site, build 1, again"));
  });

  it("is pushed without the files that the server has", async () => {
    const objects = () => repository.git("rev-list", "--objects", "--all", "--no-object-names").split("\n").length;
    const stored = () => {
      const counts = repository.git("count-objects", "-v");
      return Number(/^count: (\d+)$/m.exec(counts)![1]) + Number(/^in-pack: (\d+)$/m.exec(counts)![1]);
    };
    await push("one");
    const before = stored();
    writeFileSync(join(folder, "a", "0.bin"), "changed");
    await push("two");
    // The file, its two folders and the commit.
    expect(stored() - before).toBe(4);
    expect(objects()).toBeGreaterThan(20);
  });

  it("is checked out", async () => {
    const commit = await push("one");
    const all = await temporaryFolder();
    expect(await checkOutBranch(remote, { folder: all, branch: "state" })).toBe(commit);
    expect(filesIn(all)).toEqual(filesIn(folder));
  });

  it("may be missing; an unreachable repository is an error", async () => {
    expect(await checkOutBranch(remote, { folder: await temporaryFolder(), branch: "nothing" })).toBeNull();
    const nowhere = remoteOf(join(folder, "nowhere"), null);
    const empty = await temporaryFolder();
    await expect(checkOutBranch(nowhere, { folder: empty, branch: "state" })).rejects.toThrow("git clone failed");
    await expect(pushOrphan(nowhere, { folder, branch: "state", message: "" })).rejects.toThrow("git fetch failed");
  });
});

describe("a token", () => {
  it("is sent only to its server, through the environment", () => {
    const { url, env } = remoteOf("https://github.com/octo/weather.git", "secret");
    expect(url).toBe("https://github.com/octo/weather.git");
    const basic = Buffer.from("x-access-token:secret").toString("base64");
    expect(env).toEqual({
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "http.https://github.com/.extraheader",
      GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
    });
    expect(remoteOf("/some/folder", "secret").env).toEqual({});
  });
});
