import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openStore, timestamp } from "../../src/data/store/store.js";
import { withRun } from "../../src/pipeline/run.js";
import { silentReport } from "../../src/shared/progress.js";
import { minuteMs } from "../../src/shared/time.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

let home: string;

beforeEach(async () => {
  home = await temporaryFolder();
  vi.stubEnv("ISOTHERM_HOME", home);
});
afterEach(() => vi.unstubAllEnvs());

async function recordedRuns() {
  const store = await openStore(home, { readOnly: true });
  try {
    return await store.all(`SELECT command, "asOf", outcome, message, finishedTime IS NOT NULL AS finished FROM runs`);
  } finally {
    store.close();
  }
}

const asOf = "2020-12-31T23:00Z";
const options = { command: "update", asOf, report: silentReport };

test("a successful run is recorded with its clock and returns its result", async () => {
  expect(await withRun(options, async ({ clock }) => clock.now())).toBe(Date.parse(asOf));
  expect(await recordedRuns()).toEqual([
    { command: "update", asOf: Date.parse(asOf), outcome: "succeeded", message: null, finished: true },
  ]);
});

test("a failed run is recorded with its message, throws, and closes the store", async () => {
  const failing = withRun(options, async () => {
    throw new Error("no such thing");
  });
  await expect(failing).rejects.toThrow("no such thing");
  expect(await recordedRuns()).toMatchObject([{ outcome: "failed", message: "no such thing", finished: true }]);
});

test("a run that was killed is marked as failed by the next one", async () => {
  const store = await openStore(home);
  await store.run(
    `INSERT INTO runs (runId, command, startedTime, "asOf", outcome)
     VALUES ('killed', 'train', TIMESTAMP '2020-01-01', TIMESTAMP '2020-01-01', 'running')`,
  );
  store.close();
  await withRun(options, async () => undefined);
  expect(await recordedRuns()).toMatchObject([
    { command: "train", outcome: "failed", message: "killed before it ended", finished: false },
    { command: "update", outcome: "succeeded" },
  ]);
});

test("a clock behind the hours learned is an error before anything changes, unless --as-of is given", async () => {
  const learned = Date.parse("2021-03-01T18:00Z");
  const store = await openStore(home);
  await store.run(
    `INSERT INTO snapshots BY NAME SELECT 'USW00013874' AS stationId, $learned AS throughTime, 'a' AS snapshotId,
       $learned AS genesisTime, 1 AS hoursConsumed, '' AS hoursDigest, '' AS configDigest, 1 AS stateBytes, true AS kept`,
    { learned: timestamp(learned) },
  );
  store.close();
  const at = (time: number) => ({ clock: { now: () => time, replaying: false } });
  const { asOf: _, ...now } = options;
  const behind = withRun(now, async () => expect.unreachable(), at(learned - minuteMs));
  await expect(behind).rejects.toThrow(
    /clock shows 2021-03-01T17:59.* up to 2021-03-01T18:00.*--as-of 2021-03-01T17:59:00.000Z$/,
  );
  expect(await recordedRuns()).toEqual([]);
  await withRun(now, async () => undefined, at(learned));
  await withRun(options, async () => undefined);
  expect(await recordedRuns()).toMatchObject([{ outcome: "succeeded" }, { outcome: "succeeded" }]);
});
