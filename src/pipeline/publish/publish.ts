import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stationsWithoutPlace, unpublishedStations } from "../../data/stations/hiddenStations.js";
import { prepareHabits } from "../../data/stations/reportingHabit.js";
import { parquetFormat, sqlText } from "../../data/store/sqlText.js";
import { getMeta, type Store } from "../../data/store/store.js";
import { publishedModel } from "../../model/vocabulary.js";
import type { Clock } from "../../shared/clock.js";
import type { Config } from "../../shared/config.js";
import { replaceFolder } from "../../shared/folders.js";
import { packageVersion } from "../../shared/program.js";
import { type Report, silentReport } from "../../shared/progress.js";
import { PublishedManifest, type PublishedTable, publishedTables } from "../../shared/published/published.js";
import type { TablesManifest } from "../api/openPublished.js";
import { keepFile } from "../api/write.js";
import { writeApi } from "../api/writeApi.js";
import { dropUnreadableStates } from "../train/keptStates.js";
import { digestRows } from "./digestRows.js";
import { previousPublication, programDigest } from "./previousPublication.js";
import { prepareAnomalies } from "./publishAnomalies.js";
import { prepareModels, publishNetwork } from "./publishNetwork.js";
import { prepareStates } from "./publishStates.js";
import { gatheredQueries, tableQueries } from "./tableQueries.js";

const tableNames = Object.keys(publishedTables) as PublishedTable[];

/** Tables published with all rows, also those of hidden stations. */
const completeTables: readonly PublishedTable[] = ["ledger", "ledgerValues", "anomalies"];

/**
 * Writes the data for the site to `<home>/published`: a Parquet file per table, the files for pages and other
 * programs, and `manifest.json`. They replace the previous folder as a whole; unchanged tables and stations keep their
 * files. Observations after the clock's time are left out.
 */
export async function publish(
  store: Store,
  config: Config,
  { clock, report = silentReport }: { clock: Clock; report?: Report },
): Promise<PublishedManifest> {
  const folder = join(config.home, "published");
  const next = `${folder}.tmp`;
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next, { recursive: true });
  try {
    const manifest = await writeFiles(store, config, { clock, report, folder: next });
    replaceFolder(folder, next, `${folder}.old`);
    return manifest;
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

/** The newest hour in view `seen`, epoch milliseconds; null without any. */
async function newestSeen(store: Store, now: string): Promise<number | null> {
  // The last days are read first, because all hours take long.
  for (const condition of [`validTime > TIMESTAMP '${now}' - INTERVAL 3 DAY`, "true"]) {
    const [newest] = await store.all<{ time: number | null }>(
      `SELECT epoch_ms(max(validTime))::DOUBLE AS time FROM seen WHERE ${condition}`,
    );
    if (newest.time !== null) return newest.time;
  }
  return null;
}

async function writeFiles(
  store: Store,
  config: Config,
  { clock, report, folder }: { clock: Clock; report: Report; folder: string },
): Promise<PublishedManifest> {
  const simulated = (await getMeta(store, "simulated")) === "true";
  const now = new Date(clock.now()).toISOString().replace("Z", "");
  // Stations without coordinates are not published: pages could not find them in table `stations`.
  const hidden = [...(await unpublishedStations(store, config)), ...(await stationsWithoutPlace(store))];
  const hiddenList = ["''", ...hidden.map(sqlText)].join(", ");
  await store.run(
    `CREATE OR REPLACE TEMP VIEW seen AS
     FROM hours WHERE validTime <= TIMESTAMP '${now}' AND value IS NOT NULL AND stationId NOT IN (${hiddenList})`,
  );
  await dropUnreadableStates(store, config.home, report);
  await prepareHabits(store, now);
  const previous = previousPublication(config);
  const models = await prepareModels(store, config, { now });
  await prepareStates(store, config, models, { now, hidden, previous: previous?.folder ?? null });
  await prepareAnomalies(store, config, clock.now());
  const queryOf = (table: PublishedTable, sql: string) => {
    const filled = sql
      .replaceAll("$simulated", String(simulated))
      .replaceAll("$maxLead", String(config.maxLeadHours))
      .replaceAll("$now", `TIMESTAMP '${now}'`);
    const isFiltered =
      hidden.length > 0 && "stationId" in publishedTables[table].shape && !completeTables.includes(table);
    return isFiltered ? `FROM (${filled}) WHERE stationId IS NULL OR stationId NOT IN (${hiddenList})` : filled;
  };
  const unordered = (sql: string) => sql.slice(0, sql.lastIndexOf("ORDER BY"));
  const queries = tableNames.map((table) => {
    return [table, queryOf(table, gatheredQueries[table] ?? unordered(tableQueries[table]))];
  });
  const digests = await digestRows(store, Object.fromEntries(queries), { now });
  const files: PublishedManifest["files"] = [];
  for (const table of tableNames) {
    const name = `${table}.parquet`;
    const path = join(folder, name);
    const isSame = table in digests.tables && digests.tables[table] === previous?.manifest.contents.tables[table];
    if (isSame) {
      keepFile(join(previous!.folder, name), path);
      files.push(previous!.manifest.files.find((file) => file.name === name)!);
      continue;
    }
    const sql = queryOf(table, tableQueries[table]);
    const rows = await store.run(`COPY (${sql}) TO ${sqlText(path)} (${parquetFormat})`);
    const bytes = readFileSync(path);
    files.push({ name, rows, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") });
  }
  await publishNetwork(store, config, { now, folder, previous: previous?.folder ?? null });
  const tables: TablesManifest = {
    schemaVersion: 1,
    version: packageVersion(),
    asOf: clock.now(),
    isPast: clock.replaying,
    dataThrough: await newestSeen(store, now),
    simulated,
    publishedModel,
    modelOptions: config.model,
    maxLeadHours: config.maxLeadHours,
    files,
  };
  const { api, stations } = await writeApi(folder, tables, {
    rowDigests: digests.stations,
    previous: previous && { folder: previous.folder, stations: previous.manifest.contents.stations },
  });
  const contents = { program: programDigest(), tables: digests.tables, stations };
  const manifest = PublishedManifest.parse({ ...tables, api, contents });
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
