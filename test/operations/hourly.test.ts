import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openStore, type Store } from "../../src/data/store/store.js";
import { type CiSettings, ciSettings } from "../../src/deploy/ci/ciSettings.js";
import { checkOutBranch, pushOrphan } from "../../src/deploy/ci/orphanBranch.js";
import { readLedgerHead } from "../../src/pipeline/ledger/ledgerEntries.js";
import { withRun } from "../../src/pipeline/run.js";
import { update } from "../../src/pipeline/update.js";
import { verifyLedger } from "../../src/pipeline/verify/verifyLedger.js";
import { silentReport } from "../../src/shared/progress.js";
import type { Status } from "../../src/shared/published/status.js";
import { hourMs, minuteMs } from "../../src/shared/time.js";
import { type BareRepository, bareRepository, type ServedBranch, serveBranch } from "../support/bareRepository.js";
import { type HourlyOptions, hourlyRun } from "../support/hourlyRun.js";
import { replayedWeather } from "../support/replayedWeather.js";
import { type ReplayNoaa, startReplay } from "../support/replayNoaa.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { type Learned, learned } from "../support/training.js";

const genesis = Date.parse("2020-02-28T12:00Z");
/** Minute nine of the hour so many hours after the first run. */
const at = (hour: number) => Date.parse("2020-03-01T12:09Z") + hour * hourMs;
const stations = [
  { id: "USW00094846", icao: "KORD" },
  { id: "USW00094789", icao: "KJFK" },
];

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

interface RunOptions extends Pick<HourlyOptions, "shards" | "lines"> {
  coldStart?: boolean;
  minutes?: number;
}

/** A run on a new machine, `hour` hours after the first. */
function run(hour: number, { coldStart = false, minutes = 0, ...options }: RunOptions = {}) {
  const now = at(hour) + minutes * minuteMs;
  noaa.now = now;
  const from = coldStart ? { from: genesis } : {};
  const buildId = `build ${++builds}`;
  return hourlyRun({ settings: { ...settings, coldStart }, now, stations, ...from, ...options, buildId });
}

const served = async () => (await (await fetch(`${pages.url}status.json`)).json()) as Status;

async function inStore<T>(home: string, read: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(home, { readOnly: true });
  try {
    return await read(store);
  } finally {
    store.close();
  }
}

const learnedIn = (home: string): Promise<Learned["tables"][]> =>
  inStore(home, (store) => Promise.all(stations.map(async ({ id }) => (await learned(store, id)).tables)));

/**
 * What a machine that is never switched off has learned. Of the hours in between it needs to run only at those at which
 * the official forecast changes: nobody keeps it for later.
 */
async function steadyAt(...hours: number[]): Promise<Learned["tables"][]> {
  const home = await temporaryFolder();
  vi.stubEnv("ISOTHERM_HOME", home);
  for (const hour of hours) {
    noaa.now = at(hour);
    const asOf = new Date(noaa.now).toISOString();
    const station = stations.map(({ icao }) => icao);
    const options = { station, simulate: false, ...(hour === hours[0] ? { from: genesis } : {}) };
    await withRun({ command: "update", asOf, report: silentReport }, (run) => update(run, options));
  }
  return learnedIn(home);
}

/** Publishes something else in the place of what a branch has. */
async function damage(branch: string, change: (folder: string) => void): Promise<void> {
  const folder = await temporaryFolder();
  await checkOutBranch(settings.remote, { folder, branch });
  change(folder);
  await pushOrphan(settings.remote, { folder, branch, message: "damage" });
}

describe("hour after hour, each on a new machine", { timeout: 120_000 }, () => {
  it("fails without a state, unless a cold start is asked for", async () => {
    await expect(run(0)).rejects.toThrow(/no valid state found.*cold start[\s\S]*no branch state[\s\S]*status 404/);
    expect(repository.git("for-each-ref")).toBe("");
    const { lines } = await run(0, { coldStart: true });
    expect(lines).toContain("cold start: starting without a state");
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

  it("goes on in the next hour, and after three that were missed, whose forecasts are marked as late", async () => {
    expect((await run(1)).lines).toContain("restored 2 stations from branch state");
    const { home } = await run(5);
    expect(await served()).toMatchObject({ buildId: `build ${builds}`, asOf: at(5) });
    for (const branch of ["state", "gh-pages"]) expect(repository.commits(branch), branch).toHaveLength(1);
    const made = await inStore(home, (store) =>
      store.all<{ hour: number; minutesLate: number }>(
        `SELECT (epoch_ms(issuedTime) - ${at(0) - 9 * minuteMs}) // ${hourMs} AS hour,
           date_diff('minute', issuedTime, madeTime) AS "minutesLate"
         FROM issues WHERE stationId = '${stations[0]!.id}' AND issuedTime >= make_timestamp(${(at(0) - hourMs) * 1000})
         ORDER BY hour`,
      ),
    );
    const minutesLate = { 0: 9, 1: 9, 2: 189, 3: 129, 4: 69, 5: 9 };
    expect(Object.fromEntries(made.map((issue) => [issue.hour, issue.minutesLate]))).toEqual(minutesLate);
  });

  it("restores from the site where the branch of the state is lost; pushes a site once more that is not served", async () => {
    repository.git("branch", "-D", "state");
    pages.ignoredPushes = 1;
    const { lines } = await run(6);
    expect(lines).toEqual(
      expect.arrayContaining(["there is no branch state", `restored 2 stations from ${pages.url}state/`]),
    );
    expect(repository.commits("state")).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith("site pushed"))).toHaveLength(2);
    expect(await served()).toMatchObject({ buildId: `build ${builds}` });
    expect(repository.git("log", "-1", "--format=%s", "gh-pages")).toBe(`Site, build build ${builds}, again\n`);
  });

  it("refuses a damaged state; fails when the site is not served after two pushes, with the forecasts safe", async () => {
    const before = await served();
    const [name] = repository.files("state").filter((name) => name.startsWith("tables/hours/2020-02"));
    await damage("state", (folder) => writeFileSync(join(folder, name!), "damaged"));
    pages.ignoredPushes = 2;
    const lines: string[] = [];
    await expect(run(7, { lines })).rejects.toThrow(/does not serve build .*, although it was pushed twice/);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/tables\/hours\/2020-02-0\.parquet is damaged/),
        `restored 2 stations from ${pages.url}state/`,
      ]),
    );
    expect(await served()).toEqual(before);
    expect(repository.git("log", "-1", "--format=%s", "state")).toBe("State, through 2020-03-01T19:00:00.000Z\n");
  });

  it("fails where neither state nor site is valid, and leaves the last good site up", async () => {
    await damage("gh-pages", (folder) => rmSync(join(folder, "state", "tables", "issues"), { recursive: true }));
    const before = await served();
    repository.git("branch", "-m", "state", "kept");
    await expect(run(8)).rejects.toThrow(/no valid state found[\s\S]*no branch state[\s\S]*issues/);
    repository.git("branch", "-m", "kept", "state");
    expect(await served()).toEqual(before);
  });

  it("goes on from there over two machines and a third that merges, as if it had never stopped", async () => {
    const { home, lines } = await run(8, { shards: 2 });
    expect(lines.filter((line) => line === "restored 1 stations from branch state")).toHaveLength(2);
    expect(lines).toContain("restored 2 stations from branch state");
    expect(await learnedIn(home)).toEqual(await steadyAt(0, 6, 8));
    const { asOf, ledger } = await served();
    expect(asOf).toBe(at(8));
    // One entry for each run that learned something: at 0, 1, 5, 6, 7 and 8.
    for (const { id } of stations) {
      const verified = await inStore(home, (store) => verifyLedger(store, id));
      expect(verified, id).toEqual({ entries: 6, difference: null });
    }
    expect(ledger).toEqual(await inStore(home, readLedgerHead));
  });
});
