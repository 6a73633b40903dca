import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { removedStations } from "../../data/stations/hiddenStations.js";
import { schemaVersion } from "../../data/store/migrations.js";
import { sqlText } from "../../data/store/sqlText.js";
import type { Store } from "../../data/store/store.js";
import { type StoredTable, storedTables } from "../../data/store/storedTables.js";
import { modelVersion } from "../../model/forecaster/forecaster.js";
import { warnOfOldStates } from "../../pipeline/train/keptStates.js";
import {
  isFromOtherVersion,
  readKeptState,
  type SnapshotKey,
  snapshotPath,
} from "../../pipeline/train/snapshotFile.js";
import type { Config } from "../../shared/config.js";
import { packageVersion } from "../../shared/program.js";
import { type Report, silentReport } from "../../shared/progress.js";
import {
  type CheckpointManifest,
  digestOf,
  manifestName,
  type SnapshotFile,
  sealManifest,
  type TableFile,
} from "./checkpointManifest.js";
import { periodsOf } from "./tablePeriods.js";

/** Stations that share a file; git servers reject files above 100 MB. */
const stationsPerGroup = 100;

/**
 * Which states of each station to save: the newest; the newest at the end of a day, a file that changes once a day, after
 * which the day's hours are learned again; or both.
 */
export type SavedStates = "newest" | "daily" | "both";

export interface WriteOptions {
  home: string;
  /** An empty folder. */
  folder: string;
  states: SavedStates;
  /** The configured stations. For other stations, a state that can't be read is only a warning. */
  stations?: Config["stations"] | undefined;
  report?: Pick<Report, "warn"> | undefined;
}

/**
 * Writes all stored data into an empty folder: Parquet files, model states and a manifest. The same store gives the same
 * bytes. Skips states of other model versions. Throws when a state is missing or damaged.
 */
export async function writeCheckpoint(store: Store, options: WriteOptions): Promise<CheckpointManifest> {
  const { folder } = options;
  const [newest] = await store.all<{ time: number | null }>(
    "SELECT epoch_ms(max(throughTime))::DOUBLE AS time FROM snapshots",
  );
  const lastHour = newest!.time;
  const tables = await storedTables(store);
  const groups = await groupStations(store, tables);
  const files: TableFile[] = [];
  for (const table of tables) files.push(...(await writeTable(store, table, { folder, groups, lastHour })));
  const manifest: CheckpointManifest = {
    format: 1,
    schemaVersion,
    modelVersion,
    version: packageVersion(),
    lastHour,
    groups,
    tables: files,
    snapshots: await copyStates(store, options),
  };
  writeFileSync(join(folder, manifestName), sealManifest(manifest), { flush: true });
  return manifest;
}

async function groupStations(store: Store, tables: readonly StoredTable[]): Promise<string[][]> {
  const named = tables.filter(({ hasStation }) => hasStation).map(({ name }) => `SELECT stationId FROM ${name}`);
  const stations = await store.all<{ stationId: string }>(
    `SELECT DISTINCT stationId FROM (${named.join(" UNION ALL ")}) WHERE stationId IS NOT NULL ORDER BY stationId`,
  );
  const ids = stations.map(({ stationId }) => stationId);
  const count = Math.ceil(ids.length / stationsPerGroup);
  return Array.from({ length: count }, (_, i) => ids.slice(i * stationsPerGroup, (i + 1) * stationsPerGroup));
}

interface Target {
  folder: string;
  groups: readonly (readonly string[])[];
  lastHour: number | null;
}

async function writeTable(store: Store, table: StoredTable, { folder, groups, lastHour }: Target) {
  // An empty file records the columns of a table without rows.
  const files = [await writeRows(store, table, { folder, name: "none", group: null, condition: "false" })];
  const periods = periodsOf(table.name, lastHour);
  for (const group of table.hasStation ? [null, ...groups.keys()] : [null]) {
    const ofGroup = groupCondition(table, group === null ? null : groups[group]!);
    const parts = await store.all<{ period: string | null; from: number; through: number }>(
      periods
        ? `SELECT ${periods.name} AS period, epoch_us(min(${periods.column})) AS "from",
             epoch_us(max(${periods.column})) AS through
           FROM ${table.name} WHERE ${ofGroup} GROUP BY period ORDER BY period`
        : `SELECT 'all' AS period FROM ${table.name} WHERE ${ofGroup} LIMIT 1`,
    );
    for (const { period, from, through } of parts) {
      const name = [period ?? "undated", group].filter((part) => part !== null).join("-");
      const condition = `${ofGroup} AND ${periodCondition(periods?.column, period, from, through)}`;
      files.push(await writeRows(store, table, { folder, name, group, condition }));
    }
  }
  return files;
}

interface Rows {
  folder: string;
  name: string;
  group: number | null;
  condition: string;
}

async function writeRows(
  store: Store,
  table: StoredTable,
  { folder, name, group, condition }: Rows,
): Promise<TableFile> {
  const path = `tables/${table.name}/${name}.parquet`;
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  const rows = await store.run(
    `COPY (FROM ${table.name} WHERE ${condition} ORDER BY ALL) TO ${sqlText(file)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  return { path, table: table.name, group, rows, ...digestOf(file) };
}

/** Selects rows of these stations; rows without a station if null. */
function groupCondition({ hasStation }: StoredTable, group: readonly string[] | null): string {
  if (!hasStation) return "true";
  return group === null ? "stationId IS NULL" : `stationId IN (${group.map(sqlText).join(", ")})`;
}

/** Selects rows of a period by the times of its first and last row, in microseconds. */
function periodCondition(column: string | undefined, period: string | null, from: number, through: number): string {
  if (column === undefined) return "true";
  return period === null
    ? `${column} IS NULL`
    : `${column} BETWEEN make_timestamp(${from}) AND make_timestamp(${through})`;
}

async function copyStates(
  store: Store,
  { home, folder, states, stations, report = silentReport }: WriteOptions,
): Promise<SnapshotFile[]> {
  // Before the first day has ended, the daily state is the newest one.
  const first = (order: string) => `row_number() OVER (PARTITION BY stationId ORDER BY ${order}) = 1`;
  const conditions = [
    ...(states === "daily" ? [] : [first("throughTime DESC")]),
    ...(states === "newest" ? [] : [first("hour(throughTime) <> 23, throughTime DESC")]),
  ];
  const rows = await store.all<SnapshotKey & { stationId: string }>(
    `SELECT stationId, snapshotId, configDigest, hoursDigest FROM snapshots WHERE kept
     QUALIFY ${conditions.join(" OR ")} ORDER BY stationId, throughTime`,
  );
  const gone = new Set(stations && (await removedStations(store, { stations })));
  const isOld = ({ stationId, snapshotId }: (typeof rows)[number]) =>
    isFromOtherVersion(snapshotPath(home, stationId, snapshotId));
  warnOfOldStates(rows.filter(isOld), report);
  const files: SnapshotFile[] = [];
  for (const { stationId, ...key } of rows.filter((row) => !isOld(row))) {
    try {
      readKeptState(home, stationId, key);
    } catch (error) {
      if (!gone.has(stationId)) throw error;
      report.warn(`${stationId}, which is no longer configured: ${(error as Error).message}`);
      continue;
    }
    const path = `snapshots/${stationId}/${key.snapshotId}.bin`;
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(snapshotPath(home, stationId, key.snapshotId), file);
    files.push({ path, stationId, snapshotId: key.snapshotId, ...digestOf(file) });
  }
  return files;
}
