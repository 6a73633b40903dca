import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { EwmaeHour } from "../../src/components/evaluation/ewmaeChart.js";
import { dataHealth } from "../../src/pipeline/api/dataHealth.js";
import { evaluationPeriods } from "../../src/pipeline/api/evaluationPeriods.js";
import { networkNow } from "../../src/pipeline/api/networkNow.js";
import { rowsByStation, withPublished } from "../../src/pipeline/api/openPublished.js";
import { snapshotWeights } from "../../src/pipeline/api/snapshotWeights.js";
import { stationEvaluations } from "../../src/pipeline/api/stationEvaluation.js";
import { stationExplanations } from "../../src/pipeline/api/stationExplanation.js";
import { stationForecasts } from "../../src/pipeline/api/stationForecast.js";
import { stationHealths } from "../../src/pipeline/api/stationHealth.js";
import { stationModels } from "../../src/pipeline/api/stationModel.js";
import { stationScores } from "../../src/pipeline/api/stationScores.js";
import { stationSummaries } from "../../src/pipeline/api/stations.js";
import type { DataHealth } from "../../src/shared/published/dataHealth.js";
import type { NetworkNow } from "../../src/shared/published/networkNow.js";
import type { EwmaePoint, StationEvaluation } from "../../src/shared/published/stationEvaluation.js";
import type { StationExplanation } from "../../src/shared/published/stationExplanation.js";
import type { StationForecast } from "../../src/shared/published/stationForecast.js";
import type { StationHealth } from "../../src/shared/published/stationHealth.js";
import type { SnapshotWeights, StationModel } from "../../src/shared/published/stationModel.js";
import type { StationScores } from "../../src/shared/published/stationScores.js";
import type { StationSummary } from "../../src/shared/published/stationSummary.js";
import { madeOnce } from "./madeOnce.js";
import { writePublishedFixture } from "./publishedFixture/publishedFixture.js";
import { temporaryFolder } from "./temporaryFolder.js";

export interface FixtureApi {
  home: string;
  stations: StationSummary[];
  forecasts: Record<string, StationForecast>;
  /** Of everything; `evaluationsOf` has the other periods too, by name. */
  evaluations: Record<string, StationEvaluation>;
  evaluationsOf: Record<string, Map<string, StationEvaluation>>;
  scores: Map<string, StationScores>;
  /** As hyparquet reads them. */
  ewmaeHours: Record<string, EwmaeHour[]>;
  ewmaeHistory: Record<string, EwmaePoint[]>;
  models: Record<string, StationModel>;
  /** Of each snapshot that is kept, oldest first. */
  weights: Record<string, { snapshotId: string; weights: SnapshotWeights }[]>;
  explanations: Record<string, StationExplanation>;
  health: DataHealth;
  healthOf: Record<string, StationHealth>;
  network: NetworkNow;
}

/** What the site's API holds for the fixture, which is written to a folder of its own. */
export async function fixtureApi(): Promise<FixtureApi> {
  const home = await temporaryFolder();
  await writePublishedFixture(home);
  return readFixtureApi(home);
}

/** The same for a fixture that is there already. */
export async function readFixtureApi(home: string): Promise<FixtureApi> {
  const made = await madeOnce("fixture-api", async (folder) => {
    await writeFile(join(folder, "api"), serialize(await contentsOf(home)));
  });
  return { home, ...(deserialize(await readFile(join(made, "api"))) as Omit<FixtureApi, "home">) };
}

async function contentsOf(home: string): Promise<Omit<FixtureApi, "home">> {
  return withPublished(async (published) => {
    const stations = await stationSummaries(published);
    const ofEach = <T>(made: readonly T[]) => Object.fromEntries(stations.map(({ key }, i) => [key, made[i]!]));
    const evaluationsOf = ofEach(
      await stationEvaluations(published, stations, await evaluationPeriods(published), () => null),
    );
    const ewmaeHours = await rowsByStation<Omit<EwmaeHour, "time"> & { time: number }>(
      published,
      stations,
      "FROM ewmaeHours WHERE stationId IN $stations ORDER BY stationId, variable, leadHours, time",
    );
    const history = await rowsByStation<Omit<EwmaePoint, "time"> & { time: number }>(
      published,
      stations,
      `SELECT stationId, variable, leadHours, time, n, validationCorrected, trainingCorrected, validationSlow
       FROM ewmae WHERE stationId IN $stations AND model = $model ORDER BY stationId, variable, leadHours, time`,
      { model: published.manifest.publishedModel },
    );
    const dated = <Row extends { time: number }>(rows: Row[]) =>
      rows.map((row) => ({ ...row, time: new Date(row.time) }));
    return {
      stations,
      evaluationsOf,
      scores: await stationScores(published, stations),
      forecasts: ofEach(await stationForecasts(published, stations)),
      evaluations: Object.fromEntries(
        Object.entries(evaluationsOf).map(([key, byPeriod]) => [key, byPeriod.get("all")!]),
      ),
      ewmaeHours: ofEach(stations.map((station) => dated(ewmaeHours(station)))),
      ewmaeHistory: ofEach(stations.map((station) => dated(history(station)))),
      models: ofEach(await stationModels(published, stations)),
      weights: ofEach(await snapshotWeights(published, stations)),
      explanations: ofEach(await stationExplanations(published, stations)),
      health: await dataHealth(published, stations),
      network: await networkNow(published),
      healthOf: ofEach(await stationHealths(published, stations)),
    };
  }, home);
}
