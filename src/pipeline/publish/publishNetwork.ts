import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parquetFormat, sqlText } from "../../data/store/sqlText.js";
import type { Store } from "../../data/store/store.js";
import { networkQuantities } from "../../model/network/anomalies.js";
import type { Config } from "../../shared/config.js";
import { measures } from "../../shared/measures.js";
import { Network } from "../../shared/published/network.js";
import { keepFile, write } from "../api/write.js";
import { variableList } from "../replay/networkInput.js";
import { networkPlaces } from "../train/network.js";
import { priorPath, recordedModels } from "../train/stationModel.js";

type RecordedModels = Awaited<ReturnType<typeof recordedModels>>;

/**
 * Fills the temporary table `models`: what each trained station's model learned with beside the station's own hours.
 * @param now SQL timestamp
 */
export async function prepareModels(store: Store, config: Config, { now }: { now: string }): Promise<RecordedModels> {
  const models = await recordedModels(store, config);
  await store.run(
    `CREATE OR REPLACE TEMP TABLE models (stationId VARCHAR, inNetwork BOOLEAN, latitude DOUBLE, longitude DOUBLE,
       heatC DOUBLE, priorDigest VARCHAR, priorStations VARCHAR, priorFirstTime TIMESTAMP, priorLastTime TIMESTAMP)`,
  );
  const trained = await store.all<{ stationId: string }>(
    `SELECT DISTINCT stationId FROM snapshots WHERE throughTime <= TIMESTAMP '${now}' ORDER BY stationId`,
  );
  await store.insert(
    "models",
    trained.map(({ stationId }) => {
      const { place, prior, options } = models(stationId);
      return {
        stationId,
        inNetwork: place !== null,
        latitude: place?.latitude ?? null,
        longitude: place?.longitude ?? null,
        heatC: options.heatC ?? null,
        priorDigest: prior?.digest ?? null,
        priorStations: prior?.header.stations.join(" ") ?? null,
        priorFirstTime: prior?.header.firstTime ?? null,
        priorLastTime: prior?.header.lastTime ?? null,
      };
    }),
  );
  return models;
}

/**
 * Writes what a replay of stations in a network needs: `api/network.json`, a file with the network's hours for each year,
 * and `api/prior.bin` if a station started with a prior. Writes nothing without such stations. `models` must be filled.
 * @param now SQL timestamp; later hours are left out
 * @param previous the folder published last, whose years are copied when they are the same; null when there is none
 */
export async function publishNetwork(
  store: Store,
  config: Config,
  { now, folder, previous }: { now: string; folder: string; previous: string | null },
): Promise<void> {
  const [models] = await store.all<{ network: boolean; prior: boolean }>(
    "SELECT coalesce(bool_or(inNetwork), false) AS network, count(priorDigest) > 0 AS prior FROM models",
  );
  if (!models!.network) return;
  const known = `inNetwork AND validTime <= TIMESTAMP '${now}' AND variable IN (${variableList})`;
  const years = await store.all<Network["years"][number]>(
    `SELECT year(validTime)::INTEGER AS year, count(*) || '-' || sum(hash(stationId, validTime, firstValue)) AS digest
     FROM hours WHERE ${known} GROUP BY year ORDER BY year`,
  );
  mkdirSync(join(folder, "api", "network"), { recursive: true });
  const before = previous === null ? [] : publishedYears(previous);
  for (const { year, digest } of years) {
    const file = networkFile(folder, year);
    if (before.some((one) => one.year === year && one.digest === digest)) {
      keepFile(networkFile(previous!, year), file);
      continue;
    }
    const values = networkQuantities.map(
      (name) => `any_value(firstValue) FILTER (variable = '${name}')::FLOAT AS ${measures[name].column}`,
    );
    await store.run(
      `COPY (SELECT validTime, stationId, ${values.join(", ")} FROM hours WHERE ${known} AND year(validTime) = ${year}
         GROUP BY validTime, stationId ORDER BY validTime, stationId)
       TO ${sqlText(file)} (${parquetFormat})`,
    );
  }
  const stations = [...(await networkPlaces(store)).values()];
  await write(folder, "api/network.json", { schemaVersion: 1, stations, years } satisfies Network);
  if (models!.prior) copyFileSync(priorPath(config.prior!), join(folder, "api", "prior.bin"));
}

function networkFile(folder: string, year: number): string {
  return join(folder, "api", "network", `${year}.parquet`);
}

/** The years in a published folder; none without a network. */
function publishedYears(folder: string): Network["years"] {
  try {
    return Network.parse(JSON.parse(readFileSync(join(folder, "api", "network.json"), "utf8"))).years;
  } catch {
    return [];
  }
}
