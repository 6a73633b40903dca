import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { z } from "zod";
import { parquetTable } from "../../data/store/sqlText.js";
import { openStore, type Store } from "../../data/store/store.js";
import { storedTables } from "../../data/store/storedTables.js";
import type { Config } from "../../shared/config.js";
import { type PublishedManifest, publishedTables } from "../../shared/published/published.js";
import { checkFilesWhole, publishedPath, readPublishedManifest } from "../../shared/published/readPublished.js";
import { hourMs } from "../../shared/time.js";
import { brokenNumbers, type Query, stationWarnings } from "../api/stationWarnings.js";

/** Some stations report only every three hours. */
const longestReportHours = 3;
/** A run may start this long after the late-report window has ended. */
const runHours = 1;
/** Row counts by table of a restored checkpoint; written when a home is restored. */
const restoredName = "restored.json";
/** Tables with rows that are never deleted. */
const growingTables = ["hours", "reports", "guidanceRuns", "runs", "ledger"];

export interface Findings {
  /** Reasons not to publish the site: damage, or no fresh data at all. */
  problems: string[];
  /** Problems of single stations, with their names; the site is published. */
  warnings: string[];
}

/**
 * Checks the published data: fresh, complete, no row lost since the state was restored, and every number finite.
 * @param now epoch milliseconds
 */
export async function checkPublished(config: Config, { now }: { now: number }): Promise<Findings> {
  const { home, maxLeadHours } = config;
  if (!existsSync(publishedPath(home, "manifest.json"))) return damage(`nothing is published in ${home}`);
  let manifest: PublishedManifest;
  try {
    manifest = readPublishedManifest(home);
    checkFilesWhole(home, manifest);
  } catch (error) {
    return damage(error instanceof Error ? error.message : String(error));
  }
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const query: Query = async <Row>(sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJS() as Row[];
  try {
    for (const table of Object.keys(publishedTables)) {
      const file = publishedPath(home, `${table}.parquet`);
      await connection.run(`CREATE VIEW ${table} AS FROM ${parquetTable(file)}`);
    }
    const names = await stationNames(query);
    const withNames = (text: string, stationIds: readonly string[]) =>
      `${text}: ${stationIds
        .map((id) => names.get(id) ?? id)
        .sort()
        .join(", ")}`;
    const fresh = await checkFreshness(query, config, now);
    const byStation = [...fresh.byStation, ...(await withoutForecast(query, config, manifest))];
    for (const { text, stationIds } of await stationWarnings(query, { maxLeadHours }))
      byStation.push([`${text[0]!.toLowerCase()}${text.slice(1)}`, stationIds]);
    return {
      problems: [
        ...(manifest.simulated ? ["the weather is simulated"] : []),
        ...(manifest.asOf > now ? ["it was published at a time in the future"] : []),
        ...(await checkRows(query)),
        ...(await checkNumbers(query)),
        ...fresh.problems,
        ...(await checkNothingLost(home)),
      ],
      warnings: byStation.filter(([, ids]) => ids.length > 0).map(([text, ids]) => withNames(text, ids)),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function damage(problem: string): Findings {
  return { problems: [problem], warnings: [] };
}

async function stationNames(query: Query): Promise<Map<string, string>> {
  const rows = await query<{ stationId: string; name: string }>(
    "SELECT stationId, coalesce(icao, stationId) AS name FROM stations",
  );
  return new Map(rows.map(({ stationId, name }) => [stationId, name]));
}

/** Tables without which a page would be empty. */
const neededTables = ["stations", "hours", "forecasts", "snapshots"];

async function checkRows(query: Query): Promise<string[]> {
  const problems: string[] = [];
  for (const table of neededTables) {
    if ((await query(`SELECT 1 FROM ${table} LIMIT 1`)).length === 0) problems.push(`${table} is empty`);
  }
  const duplicates = await query<{ n: number }>(
    "SELECT count(*)::DOUBLE AS n FROM (SELECT 1 FROM hours GROUP BY stationId, validTime HAVING count(*) > 1)",
  );
  if (duplicates[0]!.n > 0) problems.push(`hours has ${duplicates[0]!.n} duplicate hours`);
  return problems;
}

/** Finds numbers that are not finite in rows without a station. */
async function checkNumbers(query: Query): Promise<string[]> {
  return (await brokenNumbers(query))
    .filter(({ stationId }) => stationId === null)
    .map(({ table, column, rows }) => `${table}.${column} is not a number in ${rows} rows`);
}

type ByStation = [text: string, stationIds: string[]];

/** A station is fresh when it reports every three hours and its reports arrive within the late-report window. */
async function checkFreshness(query: Query, { watermarkHours, stations: configured }: Config, now: number) {
  const freshHours = watermarkHours + longestReportHours;
  const stations = await query<{ id: string; observed: number | null }>(
    "SELECT stationId AS id, epoch_ms(newestObservedTime)::DOUBLE AS observed FROM stations ORDER BY id",
  );
  const observed = stations.flatMap(({ id, observed }) => (observed === null ? [] : [{ id, observed }]));
  const silent = observed.filter(({ observed }) => observed < now - freshHours * hourMs);
  const known = new Set(observed.map(({ id }) => id));
  // The stored stations may be others than the configured ones, named on the command line.
  const expected = configured.some(({ id }) => known.has(id)) ? configured : [];
  const ids = new Set([...stations, ...expected].map(({ id }) => id));
  const never: ByStation = ["never observed", [...ids].filter((id) => !known.has(id))];
  if (observed.length > 0 && silent.length === observed.length) {
    const newest = new Date(Math.max(...observed.map(({ observed }) => observed))).toISOString();
    const problem = `no station reported in the last ${freshHours} hours; the newest report is of ${newest}`;
    return { problems: [problem], byStation: [never] };
  }
  const ofSilent: ByStation = [`not observed in the last ${freshHours} hours`, silent.map(({ id }) => id)];
  return { problems: [], byStation: [ofSilent, never] };
}

/** Stations that have an observation older than the late-report window but no later forecast. */
async function withoutForecast(
  query: Query,
  { watermarkHours }: Config,
  { asOf }: PublishedManifest,
): Promise<ByStation[]> {
  const due = asOf - (watermarkHours + runHours) * hourMs;
  const stations = await query<{ id: string }>(
    `SELECT stationId AS id FROM stations JOIN hours USING (stationId)
     WHERE temperatureC IS NOT NULL AND (newestIssuedTime IS NULL OR validTime > newestIssuedTime)
     GROUP BY id HAVING epoch_ms(min(validTime)) < ${due} ORDER BY id`,
  );
  return [["observed but not forecast", stations.map(({ id }) => id)]];
}

async function checkNothingLost(home: string): Promise<string[]> {
  const file = join(home, restoredName);
  if (!existsSync(file)) return [];
  const before = readRestored(file);
  if (before === null) {
    return [
      `${file} is damaged; restore a checkpoint, or delete the file to skip the comparison with the restored state`,
    ];
  }
  const now = await countGrowingTables(home);
  return growingTables
    .filter((table) => (now[table] ?? 0) < (before[table] ?? 0))
    .map((table) => `${table} had ${before[table]} rows when the state was restored, and has ${now[table] ?? 0}`);
}

/** Null when the file does not hold row counts. */
function readRestored(file: string): Record<string, number> | null {
  try {
    return z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

/** Row counts of the tables that only grow. */
export async function countGrowingTables(home: string): Promise<Record<string, number>> {
  const store = await openStore(home, { readOnly: true });
  try {
    return await countRows(store);
  } finally {
    store.close();
  }
}

async function countRows(store: Store): Promise<Record<string, number>> {
  const known = new Set((await storedTables(store)).map(({ name }) => name));
  const counts: Record<string, number> = {};
  for (const table of growingTables.filter((table) => known.has(table))) {
    const [row] = await store.all<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
    counts[table] = row!.n;
  }
  return counts;
}

export function restoredFile(home: string): string {
  return join(home, restoredName);
}
