import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStore } from "../../src/data/store/store.js";
import { ciSettings } from "../../src/deploy/ci/ciSettings.js";
import { restoreState } from "../../src/deploy/ci/restoreState.js";
import { silentReport } from "../../src/shared/progress.js";
import type { Status } from "../../src/shared/published/status.js";
import { hourMs } from "../../src/shared/time.js";
import { type BareRepository, bareRepository, type ServedBranch, serveBranch } from "../support/bareRepository.js";
import { deadServer } from "../support/isotherm.js";
import { type LoopbackGithub, startGithub } from "../support/loopbackGithub.js";
import { status } from "../support/loopbackNoaa.js";
import { replayedWeather } from "../support/replayedWeather.js";
import { type ReplayNoaa, startReplay } from "../support/replayNoaa.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { type Fork, runWorkflow, type WorkflowEvent, type WorkflowRun } from "../support/workflowRunner.js";

// hourly.yml itself, its commands as processes in checkouts of a fork with two stations of its own.

const genesis = Date.parse("2020-02-28T12:00Z");
const firstRun = Date.parse("2020-03-01T12:09Z");
const isothermConfig = `export default {
  stations: [{ id: "USW00094846", icao: "KORD" }, { id: "USW00094789", icao: "KJFK" }],
  genesis: "${new Date(genesis).toISOString()}",
  sources: { ghcnh: ["nowhere"], isd: ["nowhere"], awc: ["nowhere"], nws: ["nowhere"] },
};`;
const shiftedClock = new URL("../support/shiftedClock.mjs", import.meta.url).href;

let noaa: ReplayNoaa;
let github: LoopbackGithub;
let repository: BareRepository;
let pages: ServedBranch;
let fork: Fork;

beforeAll(async () => {
  noaa = await startReplay([replayedWeather("KORD", genesis, 60), replayedWeather("KJFK", genesis, 60)], firstRun);
  github = await startGithub();
  repository = await bareRepository("octo/weather");
  pages = await serveBranch(repository, "gh-pages");
  github.pages = { html_url: pages.url, cname: null };
  fork = {
    files: { "isotherm.config.ts": isothermConfig },
    vars: {},
    secrets: { ISOTHERM_WEBHOOK: github.webhook },
    env: {
      GITHUB_SERVER_URL: pathToFileURL(dirname(dirname(repository.folder))).href,
      GITHUB_API_URL: github.api,
    },
  };
});
afterAll(() => Promise.all([noaa, github, pages].map((server) => server.close())));

interface RunOptions {
  event?: WorkflowEvent;
  vars?: Record<string, string>;
  /** Where NOAA's services are. */
  sources?: string;
}

/** The workflow, begun so many hours after the first time. */
function runAt(hour: number, { event = { name: "schedule" }, vars = {}, sources = noaa.url }: RunOptions = {}) {
  noaa.now = firstRun + hour * hourMs;
  noaa.clockAheadMs = noaa.now - Date.now();
  const env = {
    ...fork.env,
    ...Object.fromEntries(["GHCNH", "ISD", "AWC", "NWS"].map((name) => [`ISOTHERM_${name}`, sources])),
    NODE_OPTIONS: `--import ${shiftedClock}`,
    SHIFTED_CLOCK_MS: String(noaa.clockAheadMs),
  };
  return runWorkflow("hourly.yml", { ...fork, vars, env }, event);
}

const succeeded = { due: "success", hour: "success", report: "success" };
const commandsOf = (run: WorkflowRun, job: string) =>
  run.commands.filter((one) => one.job === job).map(({ command, outcome }) => `${command}: ${outcome}`);
const served = async () => (await (await fetch(`${pages.url}status.json`)).json()) as Status;
const hourServed = async () => Math.floor(((await served()).asOf - firstRun) / hourMs);

/** What a query finds in the state that is kept. */
async function inState(sql: string): Promise<Record<string, unknown>[]> {
  const home = await temporaryFolder();
  const settings = ciSettings({ ISOTHERM_REMOTE: pathToFileURL(repository.folder).href });
  await restoreState(settings, { home, report: silentReport });
  const store = await openStore(home, { readOnly: true });
  try {
    return await store.all(sql);
  } finally {
    store.close();
  }
}

it("starts without a state when asked to, builds the site, and notifies the webhook", {
  timeout: 240_000,
}, async () => {
  const refused = await runAt(0);
  expect(refused.results).toEqual({ due: "success", shard: "skipped", hour: "failure", report: "success" });
  expect(commandsOf(refused, "hour")).toEqual(["ci restore: failure"]);
  expect(refused.printed).toMatch(/no valid state found/);
  expect(github.issues).toMatchObject([{ state: "open" }]);

  const run = await runAt(0, { event: { name: "workflow_dispatch", inputs: { "cold-start": true } } });
  expect(run.results, run.printed).toEqual({ ...succeeded, shard: "skipped" });
  expect(commandsOf(run, "hour")).toEqual(
    ["ci restore", "update", "ci save", "check", "build --no-update", "ci publish"].map((one) => `${one}: success`),
  );
  expect(await hourServed()).toBe(0);
  const page = await (await fetch(pages.url)).text();
  expect(page).toContain(`content="${pages.url}`);
  expect(github.issues).toMatchObject([{ state: "closed" }]);
  expect(github.enabled).toEqual(["hourly.yml", "hourly.yml"]);
  expect(github.told).toHaveLength(2);
  expect(github.authorizations).toEqual(new Set(["Bearer token of the run"]));
});

it("does nothing in the second slot of the hour", async () => {
  const before = repository.git("for-each-ref");
  const run = await runAt(0.5);
  expect(run.results, run.printed).toEqual({ due: "success", shard: "skipped", hour: "skipped", report: "skipped" });
  expect(commandsOf(run, "due")).toEqual(["ci due: success"]);
  expect(repository.git("for-each-ref")).toBe(before);
});

it("keeps the last good site where nothing fresh comes, and saves what was asked", { timeout: 240_000 }, async () => {
  const run = await runAt(1, { sources: deadServer });
  expect(run.results, run.printed).toEqual({ due: "success", shard: "skipped", hour: "failure", report: "success" });
  expect(commandsOf(run, "hour")).toEqual(["ci restore: success", "update: failure", "ci save: success"]);
  expect(await hourServed()).toBe(0);
  expect(github.issues).toMatchObject([{ state: "closed" }, { state: "open" }]);
  expect(await inState("SELECT outcome, message FROM runs ORDER BY startedTime DESC LIMIT 1")).toEqual([
    { outcome: "failed", message: expect.stringContaining("NOAA could not be reached") },
  ]);
  expect(await inState(`FROM requests WHERE url LIKE '${deadServer}%' LIMIT 1`)).toHaveLength(1);
});

it("goes on over two machines, whose parts a third merges; that of one without news too", {
  timeout: 240_000,
}, async () => {
  noaa.fault = (path) => (/KJFK|USW00094789/.test(path) ? status(403) : undefined);
  const run = await runAt(2, { vars: { ISOTHERM_SHARDS: '["1/2", "2/2"]' } });
  expect(run.results, run.printed).toEqual({ ...succeeded, shard: "failure" });
  const part = (update: string) => [
    'ci restore --shard "$SHARD": success',
    `update --shard "$SHARD" --no-publish: ${update}`,
    "checkpoint part.tar --states both: success",
  ];
  expect(commandsOf(run, "shard")).toEqual([...part("failure"), ...part("success")]);
  expect(commandsOf(run, "hour")).toEqual(
    ["ci restore --parts parts", "publish", "ci save", "check", "build --no-update", "ci publish"].map(
      (one) => `${one}: success`,
    ),
  );
  const asOf = Math.floor(noaa.now / hourMs) * hourMs;
  expect(await hourServed()).toBe(2);
  const { stations } = await served();
  expect(Object.fromEntries(stations.map(({ key, newestIssuedTime }) => [key, newestIssuedTime]))).toEqual({
    KORD: asOf,
    KJFK: asOf - 2 * hourMs,
  });
  expect(await inState("SELECT command, outcome FROM runs ORDER BY startedTime DESC LIMIT 3")).toEqual([
    { command: "publish", outcome: "succeeded" },
    { command: "update", outcome: "succeeded" },
    { command: "update", outcome: "failed" },
  ]);
  expect(await inState("FROM requests WHERE url LIKE '%KJFK%' AND outcome = 'failed' LIMIT 1")).toHaveLength(1);
  expect(github.issues).toMatchObject([{ state: "closed" }, { state: "open" }]);
});
