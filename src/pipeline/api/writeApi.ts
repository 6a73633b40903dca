import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { isProgram } from "../../shared/program.js";
import { forecastCsv } from "../../shared/published/forecastCsv.js";
import { evaluationFile } from "../../shared/published/stationEvaluation.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { parseShard, shardOf, wholeShard } from "../../shared/shard.js";
import { alarmFeed } from "./alarmFeed.js";
import { apiSchemas } from "./apiSchemas.js";
import { dataHealth } from "./dataHealth.js";
import { writeLedger } from "./ledgerFiles.js";
import type { Published } from "./openPublished.js";
import { withPublished } from "./openPublished.js";
import { copyTables } from "./siteTables.js";
import { snapshotWeights } from "./snapshotWeights.js";
import { stationEvaluations } from "./stationEvaluation.js";
import { stationExplanation } from "./stationExplanation.js";
import { stationForecast } from "./stationForecast.js";
import { stationHealth } from "./stationHealth.js";
import { stationMap } from "./stationMap.js";
import { stationModel } from "./stationModel.js";
import {
  officialForecastCount,
  writeEwmae,
  writeIssues,
  writeLearnedHours,
  writeLearnedOfficial,
  writeObservedHours,
} from "./stationParquet.js";
import { stationScores } from "./stationScores.js";
import { stationSummaries } from "./stations.js";
import { status } from "./status.js";

/**
 * Writes the files with stable addresses into a built site: `status.json`, everything under `tables/`, and everything
 * under `api/` except the dictionary. One process serves many stations, where one loader per file would take a second
 * each; the preview makes the same files on request with the loaders in `src/api` and `src/tables`.
 * @param shard the stations to write; the first shard also writes the files shared by all
 */
export async function writeApi(dir: string, buildId: string, home?: string, shard = wholeShard): Promise<void> {
  await withPublished(async (published) => {
    const writeText = async (name: string, text: string) => {
      const file = join(dir, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    };
    const write = (name: string, content: unknown) => writeText(name, JSON.stringify(content));
    const stations = await stationSummaries(published);
    if (shard.place === 1) await writeShared(stations);
    for (const station of shardOf(stations, shard)) {
      const forecast = await stationForecast(published, station);
      await write(`api/${station.key}.json`, forecast);
      await writeText(`api/${station.key}.csv`, forecastCsv(forecast));
      for (const [period, evaluation] of await stationEvaluations(published, station))
        await write(`api/${station.key}/${evaluationFile(period)}`, evaluation);
      await write(`api/${station.key}/health.json`, await stationHealth(published, station));
      await writeEwmae(published, station, join(dir, "api", station.key, "ewmae.parquet"));
      for await (const [name, content] of modelFiles(published, station)) await write(`api/${name}`, content);
      await writeObservedHours(published, station, join(dir, "api", station.key, "hours.parquet"));
      await writeIssues(published, station, join(dir, "api", station.key, "issues.parquet"));
      await writeLearnedHours(published, station, join(dir, "api", station.key, "learnedHours.parquet"));
      if ((await officialForecastCount(published, station.stationId)) > 0)
        await writeLearnedOfficial(published, station, join(dir, "api", station.key, "learnedOfficial.parquet"));
    }

    async function writeShared(stations: readonly StationSummary[]): Promise<void> {
      await copyTables(published.manifest, dir, home);
      await write("status.json", await status(published, buildId));
      await write("api/stations.json", stations);
      await write("api/map.json", stationMap(stations));
      for (const [period, scores] of await stationScores(published, stations))
        await write(`api/${evaluationFile(period)}`, scores);
      await write("api/health.json", await dataHealth(published, stations));
      await writeLedger(published, dir);
      await write("feed.json", await alarmFeed(published, stations));
      for (const [name, schema] of Object.entries(apiSchemas))
        await write(`api/schema/${name}.json`, z.toJSONSchema(schema, { io: "input" }));
    }
  }, home);
}

/** The files of the model page for a station, by name under `api/`. */
export async function* modelFiles(
  published: Published,
  station: StationSummary,
): AsyncGenerator<[name: string, content: unknown]> {
  const { key, stationId } = station;
  yield [`${key}/model.json`, await stationModel(published, station)];
  yield [`${key}/explanation.json`, await stationExplanation(published, station)];
  for (const { snapshotId, weights } of await snapshotWeights(published, stationId))
    yield [`${key}/weights/${snapshotId}.json`, weights];
}

if (isProgram(import.meta.url)) {
  const [dir, buildId, part] = process.argv.slice(2);
  await writeApi(dir!, buildId!, undefined, parseShard(part!));
}
