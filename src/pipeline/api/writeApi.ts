import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { extremesCsv, forecastCsv } from "../../shared/published/forecastCsv.js";
import type { NetworkNow } from "../../shared/published/networkNow.js";
import type { PublishedManifest } from "../../shared/published/published.js";
import { digestOfApi } from "../../shared/published/readPublished.js";
import { evaluationFile } from "../../shared/published/stationEvaluation.js";
import type { StationMap } from "../../shared/published/stationMap.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dictionary } from "../dictionary/dictionary.js";
import { apiSchemas, siteFileSizes } from "../dictionary/siteFiles.js";
import { dataHealth } from "./dataHealth.js";
import { evaluationPeriods } from "./evaluationPeriods.js";
import { stationFeed } from "./feed.js";
import { digestOfStation, keepStation } from "./keptStations.js";
import { writeLedger } from "./ledgerFiles.js";
import { networkNow } from "./networkNow.js";
import { type Published, type TablesManifest, withTables } from "./openPublished.js";
import { snapshotWeights } from "./snapshotWeights.js";
import { stationExplanations } from "./stationExplanation.js";
import { stationForecasts } from "./stationForecast.js";
import { stationHealths } from "./stationHealth.js";
import { stationModels } from "./stationModel.js";
import { guidanceRunCounts, stationFiles, writeStationFile } from "./stationParquet.js";
import { stationScores } from "./stationScores.js";
import { stationSummaries } from "./stations.js";
import { status } from "./status.js";
import { keepFile, write, writeText } from "./write.js";
import { writeEvaluations } from "./writeEvaluations.js";

/** What decides whether a station's files are written again. */
export interface KnownFiles {
  /** Digests of the rows of each station in the tables. */
  rowDigests: ReadonlyMap<string, string>;
  /** The folder that this version published last, and what digests its stations' files had; null when there is none. */
  previous: { folder: string; stations: Readonly<Record<string, string>> } | null;
}

/**
 * Writes the files for pages and other programs (`api/`, `feed.json`, `status.json`) from the published tables, into
 * their folder. A build copies them to the same addresses of the site. Writes nothing without stations, because no site
 * can be built. Stations whose files would be the same as before keep them.
 * @returns number, size and digest of these files, for the manifest; and by station a digest of what its files show
 */
export async function writeApi(
  folder: string,
  manifest: TablesManifest,
  { rowDigests, previous }: KnownFiles = { rowDigests: new Map(), previous: null },
): Promise<{ api: PublishedManifest["api"]; stations: Record<string, string> }> {
  const digests: Record<string, string> = {};
  await withTables(folder, manifest, async (published) => {
    const stations = await stationSummaries(published);
    if (stations.length === 0) return;
    await writeShared(published, stations, folder);
    const network = await networkNow(published);
    await write(folder, "api/anomalies.json", network);
    const map = previous === null ? null : await unchangedMap(previous.folder, stations, network);
    await write(folder, "api/map.json", map ?? (await drawnMap(stations, network)));
    const periods = await evaluationPeriods(published);
    for (const station of stations) {
      const rows = rowDigests.get(station.stationId);
      if (rows) digests[station.stationId] = digestOfStation(manifest, { station, periods, rows });
    }
    const isSame = ({ stationId }: StationSummary) =>
      stationId in digests && digests[stationId] === previous?.stations[stationId];
    for (const { key } of stations.filter(isSame))
      await keepStation(previous!.folder, folder, { key, asOf: manifest.asOf });
    const changed = stations.filter((station) => !isSame(station));
    for (let i = 0; i < changed.length; i += batchSize) {
      const batch = changed.slice(i, i + batchSize);
      const places = { folder, previous: previous?.folder ?? null };
      await Promise.all([
        writeStations(published, batch, places),
        writeEvaluations(published, batch, { periods, ...places }),
      ]);
    }
    await write(folder, "api/dictionary.json", dictionary(manifest, await siteFileSizes(folder)));
  });
  return { api: digestOfApi(folder), stations: digests };
}

async function writeShared(published: Published, stations: readonly StationSummary[], folder: string): Promise<void> {
  await write(folder, "status.json", await status(published, stations));
  await write(folder, "feed.json", await stationFeed(published, stations));
  await write(folder, "api/stations.json", stations);
  for (const [period, scores] of await stationScores(published, stations))
    await write(folder, `api/${evaluationFile(period)}`, scores);
  await write(folder, "api/health.json", await dataHealth(published, stations));
  await writeLedger(published, folder);
  for (const [name, schema] of jsonSchemas()) await writeText(folder, `api/schema/${name}.json`, schema);
}

let writtenSchemas: [name: string, json: string][] | undefined;

/** The JSON Schemas of the files, which a process writes once. */
function jsonSchemas(): [name: string, json: string][] {
  writtenSchemas ??= Object.entries(apiSchemas).map(([name, schema]) => [
    name,
    JSON.stringify(z.toJSONSchema(schema, { io: "input" })),
  ]);
  return writtenSchemas;
}

/** Draws the map. What draws it takes long to load. */
async function drawnMap(stations: readonly StationSummary[], network: NetworkNow): Promise<StationMap> {
  const { stationMap } = await import("./stationMap.js");
  return stationMap(stations, network.stations);
}

/** The map in a published folder, if its stations have not changed: drawing a new one is slow. */
async function unchangedMap(
  folder: string,
  stations: readonly StationSummary[],
  network: NetworkNow,
): Promise<StationMap | null> {
  const read = async (name: string) => JSON.parse(await readFile(join(folder, "api", name), "utf8"));
  const places = (shown: readonly StationSummary[], around: NetworkNow) =>
    JSON.stringify([
      shown.map(({ key, longitude, latitude }) => [key, longitude, latitude]),
      around.stations.map(({ stationId, longitude, latitude }) => [stationId, longitude, latitude]),
    ]);
  try {
    const before = places(await read("stations.json"), await read("anomalies.json"));
    return before === places(stations, network) ? await read("map.json") : null;
  } catch {
    return null;
  }
}

/** Stations that one query reads: more would take more memory and save little. */
const batchSize = 25;

async function writeStations(
  published: Published,
  stations: readonly StationSummary[],
  { folder, previous }: { folder: string; previous: string | null },
): Promise<void> {
  const hasWeights = (station: StationSummary, snapshotId: string) =>
    previous !== null && existsSync(join(previous, weightsFile(station, snapshotId)));
  const [forecasts, healths, models, explanations, weights, guidanceRuns] = await Promise.all([
    stationForecasts(published, stations),
    stationHealths(published, stations),
    stationModels(published, stations),
    stationExplanations(published, stations),
    snapshotWeights(published, stations, (...snapshot) => !hasWeights(...snapshot)),
    guidanceRunCounts(published, stations),
  ]);
  for (const [i, station] of stations.entries()) {
    const own = `api/${station.key}`;
    await write(folder, `${own}.json`, forecasts[i]);
    await writeText(folder, `${own}.csv`, forecastCsv(forecasts[i]!));
    await writeText(folder, `${own}/extremes.csv`, extremesCsv(forecasts[i]!));
    await write(folder, `${own}/health.json`, healths[i]);
    await write(folder, `${own}/model.json`, models[i]);
    await write(folder, `${own}/explanation.json`, explanations[i]);
    for (const { snapshotId, weights: ofSnapshot } of weights[i]!)
      await write(folder, weightsFile(station, snapshotId), ofSnapshot);
    for (const { snapshotId, kept } of models[i]!.snapshots) {
      const name = weightsFile(station, snapshotId);
      if (kept && hasWeights(station, snapshotId)) keepFile(join(previous!, name), join(folder, name));
    }
    const files = stationFiles.filter((name) => name !== "learnedGuidance" || guidanceRuns(station) > 0);
    await Promise.all(
      files.map((name) => writeStationFile(published, station, name, join(folder, own, `${name}.parquet`))),
    );
  }
}

/** The weights of a state never change. */
function weightsFile({ key }: StationSummary, snapshotId: string): string {
  return `api/${key}/weights/${snapshotId}.json`;
}
