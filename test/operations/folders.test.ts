import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../src/data/store/store.js";
import { checkCheckpointPlace, saveCheckpoint } from "../../src/deploy/checkpoint/saveCheckpoint.js";
import { parseConfig } from "../../src/shared/config.js";
import { makeFolder, requireReplaceable, requireWritable } from "../../src/shared/folders.js";
import { buildSite, checkOutputFolder } from "../../src/site/site.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  writeFileSync(join(folder, "file"), "a note");
});

describe("a folder", () => {
  it("that can be made is made, or only tried", () => {
    requireWritable(join(folder, "a", "b"));
    requireWritable(folder);
    expect(readdirSync(folder)).toEqual(["file"]);
    makeFolder(join(folder, "a", "b"));
    makeFolder(join(folder, "a", "b"));
    expect(readdirSync(join(folder, "a"))).toEqual(["b"]);
  });

  it.each([
    ["a file has this name", "file"],
    ["a part of the path is a file", "file/below/it"],
    ["its name is too long", "x".repeat(300)],
  ])("can't be used because %s", (reason, name) => {
    const path = join(folder, name);
    const message = `the folder ${path} can't be used: ${reason}`;
    for (const use of [makeFolder, requireWritable]) expect(() => use(path)).toThrow(message);
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("is replaced only where it is empty, or is what it is replaced by", () => {
    for (const name of ["empty", "site", "documents"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "site", "status.json"), "{}");
    writeFileSync(join(folder, "documents", "thesis.tex"), "");
    symlinkSync(join(folder, "documents"), join(folder, "link"));
    for (const name of ["none", "empty", "site"]) requireReplaceable(join(folder, name), "status.json");
    for (const name of ["documents", "link"])
      expect(() => requireReplaceable(join(folder, name), "status.json")).toThrow("would be lost; choose another");
  });
});

describe("at once, before anything is done, is refused", () => {
  it("a site in a place that can't have one, or has something else", async () => {
    for (const site of [join(folder, "file"), join(folder, "file", "site"), folder, join(folder, "x".repeat(253))]) {
      expect(() => checkOutputFolder(site)).toThrow(site);
      await expect(buildSite({ home: join(folder, "none"), outDir: site })).rejects.toThrow(site);
    }
    checkOutputFolder(join(folder, "new", "site"));
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("a checkpoint in a place that can't have one, or has something else", async () => {
    mkdirSync(join(folder, "folder.tar"));
    for (const name of ["file", "file/state", "file/state.tar", "folder.tar", ".", "x".repeat(250)]) {
      const place = join(folder, name);
      expect(() => checkCheckpointPlace(place), name).toThrow(folder);
      const refused = saveCheckpoint({ home: join(folder, "none"), place, states: "newest", contact: null });
      await expect(refused, name).rejects.toThrow(folder);
    }
    checkCheckpointPlace(join(folder, "new", "state"));
    checkCheckpointPlace(join(folder, "new", "state.tar"));
    expect(readdirSync(folder).sort()).toEqual(["file", "folder.tar"]);
  });

  it("a home in a place that can't have one", async () => {
    await expect(openStore(join(folder, "file"))).rejects.toThrow(`${join(folder, "file")} can't be used: a file`);
    const sources = { ghcnh: ["a"], isd: ["a"], awc: ["a"], nws: ["a"] };
    const config = { home: join(folder, "what?"), stations: [{ id: "USW00000001" }], sources };
    expect(() => parseConfig(config)).toThrow("choose a folder without ? in its path");
    expect(() => parseConfig({ ...config, home: "a" }, { ISOTHERM_HOME: "/tmp/why?/home" })).toThrow("/tmp/why?/home");
    expect(existsSync(join(folder, "what?"))).toBe(false);
  });
});
