import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type CiSettings, ciSettings } from "../../../src/pipeline/ci/ciSettings.js";
import { checkOutBranch, pushOrphan } from "../../../src/pipeline/ci/orphanBranch.js";
import { silentReport } from "../../../src/pipeline/progress.js";
import { withRun } from "../../../src/pipeline/run.js";
import { openStore } from "../../../src/pipeline/store.js";
import { update } from "../../../src/pipeline/update.js";
import { type BareRepository, bareRepository, type ServedBranch, serveBranch } from "../../support/bareRepository.js";
import { type HourlyRun, hourlyRun } from "../../support/hourlyRun.js";
import { replayedWeather } from "../../support/replayedWeather.js";
import { type ReplayNoaa, startReplay } from "../../support/replayNoaa.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { type Learned, learned } from "../../support/training.js";

const hourMs = 3_600_000;
const genesis = Date.parse("2020-02-28T12:00Z");
/** Minute nine of the hour so many hours after the first run. */
const at = (hour: number) => Date.parse("2020-03-01T12:09Z") + hour * hourMs;
const stations = ["KORD", "KJFK"];
const ids = ["USW00094846", "USW00094789"];

let noaa: ReplayNoaa;
let repository: BareRepository;
let pages: ServedBranch;
let settings: CiSettings;
let builds = 0;

beforeAll(async () => {
  noaa = await startReplay([replayedWeather("KORD", genesis, 80), replayedWeather("KJFK", genesis, 80)], at(0));
  for (const name of ["GHCNH", "ISD", "AWC", "NWS"]) vi.stubEnv(`ISOTHERM_${name}`, noaa.url);
  repository = await bareRepository();
  pages = await serveBranch(repository, "gh-pages");
  settings = ciSettings({
    ISOTHERM_REMOTE: `file://${repository.folder}`,
    ISOTHERM_SITE: pages.url,
    GITHUB_EVENT_NAME: "schedule",
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([noaa.close(), pages.close()]);
});

/** A run on a new machine, `hour` hours after the first. */
function run(hour: number, { coldStart = false, minutes = 0 } = {}): Promise<HourlyRun> {
  const now = at(hour) + minutes * 60_000;
  noaa.now = now;
  const from = coldStart ? { from: genesis } : {};
  return hourlyRun({ settings: { ...settings, coldStart }, now, stations, ...from, buildId: `build ${++builds}` });
}

const served = async () => (await (await fetch(`${pages.url}status.json`)).json()) as { buildId: string; asOf: number };

async function learnedIn(home: string): Promise<Record<string, Learned["tables"]>> {
  const store = await openStore(home, { readOnly: true });
  const tables = await Promise.all(ids.map(async (id) => [id, (await learned(store, id)).tables] as const));
  store.close();
  return Object.fromEntries(tables);
}

/** A machine that is never switched off; what it has learned does not depend on when it ran in between. */
const steady = { home: "", hours: [] as number[] };

async function steadyAt(...hours: number[]): Promise<Record<string, Learned["tables"]>> {
  steady.home ||= await temporaryFolder();
  vi.stubEnv("ISOTHERM_HOME", steady.home);
  for (const hour of hours) {
    noaa.now = at(hour);
    const asOf = new Date(noaa.now).toISOString();
    const options = { station: stations, simulate: false, ...(steady.hours.length === 0 ? { from: genesis } : {}) };
    await withRun({ command: "update", asOf, report: silentReport }, (run) => update(run, options));
    steady.hours.push(hour);
  }
  return learnedIn(steady.home);
}

describe("hour after hour, each on a new machine", { timeout: 120_000 }, () => {
  it("fails without a state, unless a cold start is asked for", async () => {
    await expect(run(0)).rejects.toThrow(/no state to go on from.*cold start[\s\S]*no branch state[\s\S]*status 404/);
    expect(repository.git("for-each-ref")).toBe("");
    const { lines } = await run(0, { coldStart: true });
    expect(lines).toContain("cold start: beginning with nothing");
    expect(await served()).toMatchObject({ buildId: `build ${builds}`, asOf: at(0) });
    expect(repository.files("gh-pages")).toEqual(
      expect.arrayContaining([".nojekyll", "index.html", "state/manifest.json", "status.json"]),
    );
    for (const branch of ["state", "gh-pages"]) expect(repository.commits(branch), branch).toHaveLength(1);
  });

  it("does nothing in the second slot of an hour that is done", async () => {
    const before = repository.git("for-each-ref");
    expect((await run(0, { minutes: 30 })).due).toBe(false);
    expect(repository.git("for-each-ref")).toBe(before);
  });

  it("goes on in the next hour, and after three that were missed, as if it had never stopped", async () => {
    expect((await run(1)).lines).toContain("restored 2 stations from branch state");
    const { home } = await run(5);
    expect(await served()).toMatchObject({ buildId: `build ${builds}`, asOf: at(5) });
    expect(await learnedIn(home)).toEqual(await steadyAt(0, 5));
    for (const branch of ["state", "gh-pages"]) expect(repository.commits(branch), branch).toHaveLength(1);
  });

  it("restores from the site where the branch of the state is lost", async () => {
    repository.git("branch", "-D", "state");
    const { lines } = await run(6);
    expect(lines).toEqual(
      expect.arrayContaining(["there is no branch state", `restored 2 stations from ${pages.url}state/`]),
    );
    expect(repository.commits("state")).toHaveLength(1);
  });

  it("refuses a state that is damaged, and restores from the site", async () => {
    const folder = await temporaryFolder();
    await checkOutBranch(settings.remote, { folder, branch: "state" });
    const [name] = repository.files("state").filter((name) => name.startsWith("tables/hours/2020-02"));
    writeFileSync(join(folder, name!), "damaged");
    await pushOrphan(settings.remote, { folder, branch: "state", message: "damage" });
    const { lines } = await run(7);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/tables\/hours\/2020-02-0\.parquet is damaged/),
        `restored 2 stations from ${pages.url}state/`,
      ]),
    );
  });

  it("fails where neither is valid, and leaves the last good site up", async () => {
    const before = await served();
    const folder = await temporaryFolder();
    await checkOutBranch(settings.remote, { folder, branch: "gh-pages" });
    rmSync(join(folder, "state", "tables", "issues"), { recursive: true });
    await pushOrphan(settings.remote, { folder, branch: "gh-pages", message: "damage" });
    repository.git("branch", "-m", "state", "kept");
    await expect(run(8)).rejects.toThrow(/no state to go on from[\s\S]*no branch state[\s\S]*issues/);
    repository.git("branch", "-m", "kept", "state");
    expect(await served()).toEqual(before);
    await run(8);
    expect(await served()).toMatchObject({ asOf: at(8) });
  });

  it("pushes the site once more when it is not served", async () => {
    pages.ignoredPushes = 1;
    const { lines } = await run(9);
    expect(lines.filter((line) => line.startsWith("site pushed"))).toHaveLength(2);
    expect(await served()).toMatchObject({ buildId: `build ${builds}` });
    expect(repository.git("log", "-1", "--format=%s", "gh-pages")).toBe(`Site, build build ${builds}, again\n`);
  });

  it("fails when it is not served then either; the forecasts are safe, and the next hour goes on", async () => {
    const before = await served();
    pages.ignoredPushes = 2;
    await expect(run(10)).rejects.toThrow(/does not serve build .*, although it was pushed twice/);
    expect(await served()).toEqual(before);
    pages.ignoredPushes = 0;
    expect(repository.git("log", "-1", "--format=%s", "state")).toBe("State, through 2020-03-01T22:00:00.000Z\n");
    const { home } = await run(11);
    expect(await served()).toMatchObject({ asOf: at(11) });
    expect(await learnedIn(home)).toEqual(await steadyAt(11));
  });

  it("fails when nothing fresh comes, and leaves state and site as they were", async () => {
    const before = repository.git("for-each-ref");
    for (const name of ["GHCNH", "ISD", "AWC", "NWS"]) vi.stubEnv(`ISOTHERM_${name}`, "http://127.0.0.1:9/");
    await expect(run(12)).rejects.toThrow("NOAA could not be reached");
    expect(repository.git("for-each-ref")).toBe(before);
  });
});
