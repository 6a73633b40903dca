import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { type CiSettings, ciSettings } from "../../../src/deploy/ci/ciSettings.js";
import { type PublishSiteOptions, publishSite } from "../../../src/deploy/ci/publishSite.js";
import { checkpointFolder } from "../../../src/deploy/ci/state.js";
import type { Report } from "../../../src/shared/progress.js";
import { type BareRepository, bareRepository } from "../../support/bareRepository.js";
import { type Github, startGithub } from "../../support/github.js";
import { deadServer } from "../../support/isotherm.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

let github: Github;
let repository: BareRepository;
let settings: CiSettings;
let options: PublishSiteOptions;
let lines: string[];

beforeEach(async () => {
  github = await startGithub();
  for (const [name, value] of Object.entries(github.env)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    github.close();
  });
  repository = await bareRepository();
  settings = ciSettings({ GITHUB_REPOSITORY: "octo/weather", ISOTHERM_REMOTE: `file://${repository.folder}` });
  lines = [];
  const line = (message: string) => void lines.push(message);
  const report: Report = { info: line, warn: line, task: () => ({ advance() {}, end() {} }) };
  const [home, folder] = [await temporaryFolder(), await temporaryFolder()];
  options = { home, folder, report, waitMs: 1, everyMs: 1 };
  mkdirSync(checkpointFolder(home));
  writeFileSync(join(checkpointFolder(home), "manifest.json"), "the state");
  writeFileSync(join(folder, "status.json"), JSON.stringify({ buildId: "one", asOf: 0, dataThrough: 0, stations: [] }));
});

it("without Pages only a cold start succeeds; the branch is there to choose", async () => {
  await expect(publishSite(settings, options)).rejects.toThrow(/Pages is not enabled: .* deploy from branch gh-pages/);
  expect(await publishSite({ ...settings, coldStart: true }, options)).toMatchObject({
    buildId: "one",
    dataThrough: 0,
  });
  expect(lines.at(-1)).toMatch(/Pages is not enabled/);
  expect(repository.files("gh-pages")).toEqual([".nojekyll", "state/manifest.json", "status.json"]);
});

it("keeps the custom domain, and omits a copy of the state that makes the site too large", async () => {
  github.set("pages", { html_url: deadServer, cname: "weather.example" });
  const publishing = publishSite(settings, { ...options, largestBytes: 10 });
  await expect(publishing).rejects.toThrow(`${deadServer} does not serve build one, although it was pushed twice`);
  expect(lines[0]).toMatch(/the copy is left out/);
  expect(repository.files("gh-pages")).toEqual([".nojekyll", "CNAME", "status.json"]);
  expect(repository.git("cat-file", "blob", "gh-pages:CNAME")).toBe("weather.example\n");
});

it("publishes nothing but a built site with its state", async () => {
  await expect(publishSite(settings, { ...options, home: await temporaryFolder() })).rejects.toThrow(/save the state/);
  writeFileSync(join(options.folder, "status.json"), "{}");
  await expect(publishSite(settings, options)).rejects.toThrow(/does not belong to a site; build it again/);
  expect(repository.git("for-each-ref")).toBe("");
});
