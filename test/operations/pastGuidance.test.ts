import { afterEach, beforeEach, expect, it } from "vitest";
import { backfillGuidance, waitingForBackfill } from "../../src/pipeline/guidance/backfill.js";
import type { Run } from "../../src/pipeline/run.js";
import { fetchObservations, train } from "../../src/pipeline/update.js";
import { verifyStations } from "../../src/pipeline/verify/verify.js";
import type { Config } from "../../src/shared/config.js";
import { silentReport } from "../../src/shared/progress.js";
import { hourMs } from "../../src/shared/time.js";
import { liveConfig, shortWaits } from "../support/liveRun.js";
import { replayedWeather } from "../support/replayedWeather.js";
import { type ReplayNoaa, startReplay } from "../support/replayNoaa.js";
import { useTemporaryStore } from "../support/temporaryStore.js";

const genesis = Date.UTC(2026, 2, 1);
const ohare = replayedWeather("KORD", genesis, 9 * 24);
const temporary = useTemporaryStore();
let noaa: ReplayNoaa;
beforeEach(async () => {
  noaa = await startReplay([ohare], genesis);
});
afterEach(() => noaa.close());

/** An update at so many hours after genesis, without publishing. */
async function updateAfter(hours: number, { networkLater = false } = {}): Promise<Run> {
  const now = genesis + hours * hourMs;
  noaa.now = now;
  const live = liveConfig(temporary.home, noaa, { nbm: [noaa.hosts[2]] });
  const model = { ...live.model, experts: ["persistence", "nbm", "nbmCorrected"] };
  const run: Run = {
    runId: String(hours),
    config: { ...live, backfillDays: 3, model } as Config,
    clock: { now: () => now, replaying: false },
    store: temporary.store,
    report: silentReport,
    http: shortWaits,
  };
  const history = { station: ["KORD"], from: genesis, networkLater };
  expect(await fetchObservations(run, history)).toBeNull();
  await train(run, history);
  return run;
}

const count = async (sql: string) =>
  (await temporary.store.all<{ n: number }>(`SELECT count(*)::DOUBLE AS n FROM ${sql}`))[0]!.n;
const { stationId } = ohare;
const place = { name: "KORD", latitude: 41.96, longitude: -87.93, elevationM: null };
const station = { stationId, icao: "KORD", isdId: null, ...place };

it("a new station learns its history again with past guidance, after its first forecast, and only once", async () => {
  const first = await updateAfter(6 * 24 + 11.6, { networkLater: true });
  expect(await count("guidanceRuns WHERE imported")).toBe(0);
  expect(await count("scores WHERE model = 'nbm'")).toBe(0);
  expect(await waitingForBackfill(first, [station])).toEqual([station]);

  const second = await updateAfter(6 * 24 + 12.6);
  expect(await count("guidanceRuns WHERE imported")).toBeGreaterThanOrEqual(5);
  expect(await count("learnAgain")).toBe(0);
  // Errors of forecasts from two days before the first update, which knew of no guidance.
  expect(await count("scores WHERE model = 'nbmCorrected' AND leadHours = 48")).toBe(2 * 1);
  expect(await count("liveScores WHERE model = 'nbm'")).toBe(0);
  expect(await waitingForBackfill(second, [station])).toEqual([]);
  const [verified] = await verifyStations(temporary.store, second.config, [stationId]);
  expect([verified!.difference, verified!.ledgerDifference]).toEqual([null, null]);

  const asked = noaa.log.length;
  expect(await backfillGuidance(second, await waitingForBackfill(second, [station]), { days: 3 })).toBe(0);
  expect(noaa.log.length).toBe(asked);
});
