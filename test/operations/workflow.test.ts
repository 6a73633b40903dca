import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openStore, type Store } from "../../src/data/store/store.js";
import { checkOutBranch, pushOrphan, type Remote } from "../../src/deploy/ci/branch.js";
import { ciSettings } from "../../src/deploy/ci/ciSettings.js";
import { restoreState } from "../../src/deploy/ci/state.js";
import { readLedgerHead } from "../../src/pipeline/ledger/ledgerEntries.js";
import { withRun } from "../../src/pipeline/run.js";
import { update } from "../../src/pipeline/update.js";
import { verifyLedger } from "../../src/pipeline/verify/verifyLedger.js";
import { silentReport } from "../../src/shared/progress.js";
import type { Status } from "../../src/shared/published/status.js";
import { hourMs, minuteMs } from "../../src/shared/time.js";
import { type BareRepository, bareRepository, type ServedBranch, serveBranch } from "../support/bareRepository.js";
import { type Github, startGithub } from "../support/github.js";
import { deadServer, isotherm } from "../support/isotherm.js";
import { replayedWeather } from "../support/replayedWeather.js";
import { type ReplayNoaa, startReplay } from "../support/replayNoaa.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { type Learned, learned } from "../support/training.js";
import {
  type Fork,
  type Ran,
  runInShell,
  runWorkflow,
  type WorkflowEvent,
  type WorkflowRun,
} from "../support/workflowRunner.js";

// hourly.yml itself, hour after hour, each job on a new machine, of a fork with two stations. Commands run in this process.
// A site has one page here, which names its address: others test the pages.

const config = vi.hoisted(() => ({
  stations: [
    { id: "USW00094846", icao: "KORD" },
    { id: "USW00094789", icao: "KJFK" },
  ],
  network: [],
  genesis: "2020-02-28T12:00:00.000Z",
  sources: { ghcnh: ["nowhere"], isd: ["nowhere"], awc: ["nowhere"], nws: ["nowhere"] },
}));
vi.mock("../../isotherm.config.js", () => ({ default: config }));
// Few experts: the others' large states only take time.
vi.mock("../../src/pipeline/loadConfig.js", async (original) => {
  const { loadConfig } = await original<typeof import("../../src/pipeline/loadConfig.js")>();
  return {
    async loadConfig() {
      const all = await loadConfig();
      return { ...all, model: { ...all.model, experts: ["persistence", "climatology", "rls", "nws", "nwsCorrected"] } };
    },
  };
});
vi.mock("../../src/site/site.js", async (original) => ({
  ...(await original<typeof import("../../src/site/site.js")>()),
  async buildSite({ home, outDir }: { home: string; outDir: string }) {
    mkdirSync(outDir);
    writeFileSync(join(outDir, "index.html"), `<meta content="${process.env.ISOTHERM_SITE}">`);
    const published = JSON.parse(readFileSync(join(home, "published", "status.json"), "utf8")) as Status;
    writeFileSync(join(outDir, "status.json"), JSON.stringify({ ...published, buildId: randomUUID() }));
  },
}));

const [kord, kjfk] = config.stations.map(({ id }) => id);
const genesis = Date.parse(config.genesis);
/** Minute nine of the hour so many hours after the first run. */
const at = (hour: number) => Date.parse("2020-03-01T12:09Z") + hour * hourMs;

let noaa: ReplayNoaa;
let github: Github;
let repository: BareRepository;
let pages: ServedBranch;
let remote: Remote;

beforeAll(async () => {
  noaa = await startReplay([replayedWeather("KORD", genesis, 80), replayedWeather("KJFK", genesis, 80)], at(0));
  github = await startGithub();
  repository = await bareRepository("octo/weather");
  remote = { url: pathToFileURL(repository.folder).href, env: {} };
  pages = await serveBranch(repository, "gh-pages");
  github.set("pages", { html_url: pages.url, cname: null });
});
afterAll(() => Promise.all([noaa, github, pages].map((server) => server.close())));

const sourcesAt = (url: string) =>
  Object.fromEntries(["GHCNH", "ISD", "AWC", "NWS"].map((name) => [`ISOTHERM_${name}`, url]));

interface RunOptions {
  event?: WorkflowEvent;
  vars?: Record<string, string>;
  minutes?: number;
  /** Where NOAA's services are. */
  sources?: string;
  /** A command, and the shard, that fail. */
  fails?: { command: string; shard: string };
}

/** Runs the workflow so many hours after the first time. */
async function runAt(hour: number, options: RunOptions = {}): Promise<WorkflowRun> {
  const { event = { name: "schedule" }, vars = {}, minutes = 0, sources = noaa.url, fails } = options;
  noaa.now = at(hour) + minutes * minuteMs;
  const env = {
    ...github.env,
    GITHUB_SERVER_URL: pathToFileURL(dirname(dirname(repository.folder))).href,
    ...sourcesAt(sources),
  };
  const fork: Fork = {
    vars,
    env,
    secrets: { ISOTHERM_WEBHOOK: github.webhook },
    run(command, machine, given) {
      if (fails && command.endsWith(fails.command) && given.SHARD === fails.shard)
        return Promise.resolve({ code: 1, printed: "killed\n" });
      return command.startsWith("npm run isotherm -- ")
        ? runHere(command, machine, given)
        : runInShell(command, machine, given);
    },
  };
  return atTime(noaa.now, () => runWorkflow("hourly.yml", fork, event));
}

/** Does work while the clock of this process shows a time. */
async function atTime<T>(now: number, work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ["Date"], now });
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
}

/** Runs a command in this process; does not wait long for the site. */
async function runHere(command: string, machine: string, env: Record<string, string>): Promise<Ran> {
  const words = command.replace("npm run isotherm -- ", "").split(" ");
  if (words[1] === "publish") words.push("--wait", "0.3", "--every", "0.05");
  const args = words.map((word) => word.replace(/^"\$(\w+)"$/, (_, name: string) => env[name]!));
  const before = process.cwd();
  process.chdir(machine);
  try {
    const { code, stdout, stderr } = await isotherm(args, { ...env, ISOTHERM_HOME: join(machine, ".isotherm") });
    return { code, printed: stdout + stderr };
  } finally {
    process.chdir(before);
  }
}

const succeeded = { due: "success", fetch: "skipped", shard: "skipped", hour: "success", report: "success" };
const failed = { ...succeeded, hour: "failure" };
const commandsOf = (run: WorkflowRun, job: string) =>
  run.commands.filter((one) => one.job === job).map(({ command, outcome }) => `${command}: ${outcome}`);
const served = async () => (await (await fetch(`${pages.url}status.json`)).json()) as Status;
const hourServed = async () => Math.floor(((await served()).asOf - at(0)) / hourMs);
const issueStates = () => github.issues().map(({ state }) => state);
const subjectOf = (branch: string) => repository.git("log", "-1", "--format=%s", branch).trim();

/** Reads the saved state. */
async function inState<T>(read: (store: Store) => Promise<T>): Promise<T> {
  const home = await temporaryFolder();
  await restoreState(ciSettings({ ISOTHERM_REMOTE: remote.url }), { home, report: silentReport });
  return inStore(home, read);
}

async function inStore<T>(home: string, read: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(home, { readOnly: true });
  try {
    return await read(store);
  } finally {
    store.close();
  }
}

const learnedIn = (store: Store): Promise<Learned["tables"][]> =>
  Promise.all(config.stations.map(async ({ id }) => (await learned(store, id)).tables));

/**
 * What a machine that never stops has learned. It needs to run only in the hours in which the official forecast changes,
 * because nobody archives that.
 */
async function steadyAt(...hours: number[]): Promise<Learned["tables"][]> {
  const home = await temporaryFolder();
  for (const [name, value] of Object.entries({ ISOTHERM_HOME: home, ...sourcesAt(noaa.url) })) vi.stubEnv(name, value);
  for (const hour of hours) {
    noaa.now = at(hour);
    await atTime(noaa.now, () =>
      withRun({ command: "update", report: silentReport }, (run) => update(run, { simulate: false, publish: false })),
    );
  }
  vi.unstubAllEnvs();
  return inStore(home, learnedIn);
}

/** Replaces a branch by a changed copy. */
async function damage(branch: string, change: (folder: string) => void): Promise<void> {
  const folder = await temporaryFolder();
  await checkOutBranch(remote, { folder, branch });
  change(folder);
  await pushOrphan(remote, { folder, branch, message: "damage" });
}

it("fails without a state", async () => {
  const run = await runAt(0);
  expect(run.results).toEqual(failed);
  expect(commandsOf(run, "hour")).toEqual(["ci restore: failure"]);
  expect(run.printed).toMatch(/no valid state found.*cold start[\s\S]*no branch state[\s\S]*status 404/);
  expect(repository.git("for-each-ref")).toBe("");
  expect(issueStates()).toEqual(["open"]);
});

it("starts without a state when asked to, builds the site, and notifies the webhook", {
  timeout: 240_000,
}, async () => {
  const event: WorkflowEvent = { name: "workflow_dispatch", inputs: { "cold-start": true } };
  const run = await runAt(0, { event });
  expect(run.results, run.printed).toEqual(succeeded);
  expect(run.printed).toContain("cold start: starting without a state");
  expect(commandsOf(run, "hour")).toEqual(
    ["ci restore", "update", "ci save", "check", "build --no-update", "ci publish"].map((one) => `${one}: success`),
  );
  expect(await hourServed()).toBe(0);
  expect(await (await fetch(pages.url)).text()).toContain(`content="${pages.url}`);
  expect(repository.files("gh-pages")).toEqual(
    expect.arrayContaining([".nojekyll", "index.html", "state/manifest.json", "status.json"]),
  );
  for (const branch of ["state", "gh-pages"]) expect(repository.commits(branch), branch).toHaveLength(1);
  expect(issueStates()).toEqual(["closed"]);
  expect(github.lines("enabled")).toEqual(["hourly.yml", "hourly.yml"]);
  expect(github.told).toHaveLength(2);
  expect(new Set(github.lines("tokens"))).toEqual(new Set(["token of the run"]));
});

it("does nothing in the second slot of the hour", async () => {
  const before = repository.git("for-each-ref");
  const run = await runAt(0, { minutes: 30 });
  expect(run.results, run.printed).toEqual({ ...succeeded, hour: "skipped", report: "skipped" });
  expect(commandsOf(run, "due")).toEqual(["ci due: success"]);
  expect(repository.git("for-each-ref")).toBe(before);
});

it("keeps the last good site when nothing new arrives, and saves what it requested", async () => {
  const run = await runAt(1, { sources: deadServer });
  expect(run.results, run.printed).toEqual(failed);
  expect(commandsOf(run, "hour")).toEqual(["ci restore: success", "update: failure", "ci save: success"]);
  expect(await hourServed()).toBe(0);
  expect(issueStates()).toEqual(["closed", "open"]);
  await inState(async (store) => {
    expect(await store.all("SELECT outcome, message FROM runs ORDER BY startedTime DESC LIMIT 1")).toEqual([
      { outcome: "failed", message: expect.stringContaining("NOAA could not be reached") },
    ]);
    expect(await store.all(`FROM requests WHERE url LIKE '${deadServer}%' LIMIT 1`)).toHaveLength(1);
  });
});

it("restores from the site when the state's branch is lost, catches up on missed hours as late, and pushes a site again that is not served", async () => {
  repository.git("branch", "-D", "state");
  pages.ignoredPushes = 1;
  const run = await runAt(5);
  expect(run.results, run.printed).toEqual(succeeded);
  expect(run.printed).toContain("there is no branch state");
  expect(run.printed).toContain(`restored 2 stations from ${pages.url}state/`);
  expect(run.printed.match(/^site pushed/gm)).toHaveLength(2);
  expect(subjectOf("gh-pages")).toMatch(/^Site, build \S+, again$/);
  expect(await hourServed()).toBe(5);
  for (const branch of ["state", "gh-pages"]) expect(repository.commits(branch), branch).toHaveLength(1);
  const made = await inState((store) =>
    store.all<{ hour: number; minutesLate: number }>(
      `SELECT (epoch_ms(issuedTime) - ${at(0) - 9 * minuteMs}) // ${hourMs} AS hour,
         date_diff('minute', issuedTime, madeTime) AS "minutesLate"
       FROM issues WHERE stationId = '${kord}' AND issuedTime >= make_timestamp(${(at(0) - hourMs) * 1000})
       ORDER BY hour`,
    ),
  );
  const minutesLate = { 0: 9, 1: 249, 2: 189, 3: 129, 4: 69, 5: 9 };
  expect(Object.fromEntries(made.map((issue) => [issue.hour, issue.minutesLate]))).toEqual(minutesLate);
});

it("rejects a damaged state; fails when the site is not served after two pushes, and keeps the forecasts", async () => {
  const before = await served();
  const [name] = repository.files("state").filter((name) => name.startsWith("tables/hours/2020-02"));
  await damage("state", (folder) => writeFileSync(join(folder, name!), "damaged"));
  pages.ignoredPushes = 2;
  const run = await runAt(7);
  expect(run.results).toEqual(failed);
  expect(run.printed).toMatch(/does not serve build .*, although it was pushed twice/);
  expect(run.printed).toMatch(/tables\/hours\/2020-02-0\.parquet is damaged/);
  expect(run.printed).toContain(`restored 2 stations from ${pages.url}state/`);
  expect(await served()).toEqual(before);
  expect(subjectOf("state")).toBe("State, through 2020-03-01T19:00:00.000Z");
});

it("fails when neither state nor site is valid, and keeps the last good site", async () => {
  await damage("gh-pages", (folder) => rmSync(join(folder, "state", "tables", "issues"), { recursive: true }));
  const before = await served();
  repository.git("branch", "-m", "state", "kept");
  const run = await runAt(8);
  expect(run.results).toEqual(failed);
  expect(run.printed).toMatch(/no valid state found[\s\S]*no branch state[\s\S]*issues/);
  repository.git("branch", "-m", "kept", "state");
  expect(await served()).toEqual(before);
});

it("continues with shards on two machines, which a third merges, even if one fails", async () => {
  const run = await runAt(8, {
    vars: { ISOTHERM_SHARDS: '["1/2", "2/2"]' },
    fails: { command: 'train --shard "$SHARD"', shard: "1/2" },
  });
  expect(run.results, run.printed).toEqual({ ...succeeded, fetch: "success", shard: "failure" });
  expect(commandsOf(run, "fetch")).toEqual(
    ["ci restore", "prepare", "checkpoint fetched.tar --states daily"].map((one) => `${one}: success`),
  );
  const part = (train: string) => [
    'restore parts/fetched.tar --shard "$SHARD": success',
    `train --shard "$SHARD": ${train}`,
    ...(train === "success" ? ["checkpoint part.tar --states both: success"] : []),
  ];
  expect(commandsOf(run, "shard")).toEqual([...part("failure"), ...part("success")]);
  expect(commandsOf(run, "hour")).toEqual(
    ["ci restore --parts parts", "publish", "ci save", "check", "build --no-update", "ci publish"].map(
      (one) => `${one}: success`,
    ),
  );
  expect(run.printed.match(/^published/gm)).toHaveLength(1);
  expect(run.printed.match(/^restored 1 stations/gm)).toHaveLength(2);
  expect(run.printed).toContain("restored 2 stations from branch state");
  const asOf = Math.floor(noaa.now / hourMs) * hourMs;
  expect(await hourServed()).toBe(8);
  const { stations } = await served();
  expect(Object.fromEntries(stations.map(({ key, newestIssuedTime }) => [key, newestIssuedTime]))).toEqual({
    KORD: asOf,
    KJFK: asOf - hourMs,
  });
  await inState(async (store) => {
    const latest = await store.all("SELECT command, outcome FROM runs ORDER BY startedTime DESC, command LIMIT 3");
    expect(latest).toEqual(["prepare", "publish", "train"].map((command) => ({ command, outcome: "succeeded" })));
    expect(await store.all("FROM networkFields")).toEqual([]);
  });
  expect(issueStates()).toEqual(["closed", "closed", "open"]);
});

it("has learned the same as a machine that never stopped", async () => {
  const run = await runAt(9);
  expect(run.results, run.printed).toEqual(succeeded);
  const { ledger } = await served();
  const steady = await steadyAt(0, 7, 9);
  await inState(async (store) => {
    expect(await learnedIn(store)).toEqual(steady);
    // One entry for each run that learned something: at 0, 5, 7, 9, and at 8 only for the first.
    expect(await verifyLedger(store, kord!)).toEqual({ entries: 5, difference: null });
    expect(await verifyLedger(store, kjfk!)).toEqual({ entries: 4, difference: null });
    expect(ledger).toEqual(await readLedgerHead(store));
  });
});
