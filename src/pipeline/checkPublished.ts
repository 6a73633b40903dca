import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { publishedModel } from "../model/vocabulary.js";
import { storedTables } from "./checkpoint/storedTables.js";
import type { Config } from "./config.js";
import { PublishedManifest } from "./published.js";
import { sqlText } from "./sqlText.js";
import { openStore, type Store } from "./store.js";

const hourMs = 3_600_000;
/** An observation older than this is not fresh; some stations report only every three hours. */
const freshHours = 6;
/** Of the stations that are observed at all, so many must be fresh. */
const freshShare = 0.5;
/** What was carried here by a checkpoint, by table; written when a home is restored. */
const restoredName = "restored.json";
/** Rows of these are never deleted. */
const lastingTables = ["hours", "reports", "officialForecasts", "runs", "ledger"];

/**
 * Tests the data that are to be shown: fresh, whole, no row lost since the state was restored, and every number a
 * number.
 * @param now epoch milliseconds
 * @returns what is wrong, nothing when all is well
 */
export async function checkPublished(config: Config, { now }: { now: number }): Promise<string[]> {
  const folder = join(config.home, "published");
  if (!existsSync(join(folder, "manifest.json"))) return [`nothing is published in ${config.home}`];
  const manifest = PublishedManifest.parse(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")));
  const damaged = manifest.files.filter(({ name, sha256 }) => digestOf(join(folder, name)) !== sha256);
  if (damaged.length > 0) return damaged.map(({ name }) => `${name} is not what was published`);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    for (const { name } of manifest.files) {
      const view = name.replace(".parquet", "");
      await connection.run(`CREATE VIEW ${view} AS FROM read_parquet(${sqlText(join(folder, name))})`);
    }
    return [
      ...(manifest.simulated ? ["the weather is simulated"] : []),
      ...(manifest.asOf > now ? ["it was published in the future"] : []),
      ...(await checkRows(connection)),
      ...(await checkNumbers(connection, manifest)),
      ...(await checkFreshness(connection, now)),
      ...(await checkForecasts(connection, config)),
      ...(await checkNothingLost(config.home)),
    ];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function digestOf(file: string): string | null {
  return existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : null;
}

async function rowsOf<T>(connection: DuckDBConnection, sql: string): Promise<T[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS() as T[];
}

/** Without which a page would be empty. */
const neededTables = ["stations", "hours", "forecasts", "scores", "snapshots"];

async function checkRows(connection: DuckDBConnection): Promise<string[]> {
  const problems: string[] = [];
  for (const table of neededTables) {
    if ((await rowsOf(connection, `SELECT 1 FROM ${table} LIMIT 1`)).length === 0) problems.push(`${table} has no row`);
  }
  const twice = await rowsOf<{ n: number }>(
    connection,
    "SELECT count(*)::DOUBLE AS n FROM (SELECT 1 FROM hours GROUP BY stationId, validTime HAVING count(*) > 1)",
  );
  if (twice[0]!.n > 0) problems.push(`hours has ${twice[0]!.n} hours twice`);
  return problems;
}

/** No column of numbers holds what is none. */
async function checkNumbers(connection: DuckDBConnection, { files }: PublishedManifest): Promise<string[]> {
  const problems: string[] = [];
  for (const { name } of files) {
    const table = name.replace(".parquet", "");
    const columns = await rowsOf<{ column_name: string; column_type: string }>(connection, `DESCRIBE FROM ${table}`);
    for (const { column_name: column, column_type: type } of columns) {
      if (type !== "DOUBLE" && type !== "FLOAT") continue;
      const [row] = await rowsOf<{ n: number }>(
        connection,
        `SELECT count(*)::DOUBLE AS n FROM ${table} WHERE isnan("${column}") OR isinf("${column}")`,
      );
      if (row!.n > 0) problems.push(`${table}.${column} is not a number in ${row!.n} rows`);
    }
  }
  return problems;
}

async function checkFreshness(connection: DuckDBConnection, now: number): Promise<string[]> {
  const since = now - freshHours * hourMs;
  const stations = await rowsOf<{ name: string; observed: number; issued: number | null }>(
    connection,
    `SELECT coalesce(icao, stationId) AS name, epoch_ms(newestObservedTime)::DOUBLE AS observed,
       epoch_ms(newestIssuedTime)::DOUBLE AS issued FROM stations WHERE newestObservedTime IS NOT NULL ORDER BY name`,
  );
  const problems: string[] = [];
  const fresh = stations.filter(({ observed }) => observed >= since);
  if (fresh.length < stations.length * freshShare) {
    const newest = Math.max(...stations.map(({ observed }) => observed));
    problems.push(
      `only ${fresh.length} of ${stations.length} stations were observed in the last ${freshHours} hours, the newest ${isoTime(newest)}`,
    );
  }
  const unforecast = fresh.filter(({ issued, observed }) => issued === null || issued < observed - freshHours * hourMs);
  if (unforecast.length > 0) problems.push(`observed but not forecast: ${namesOf(unforecast)}`);
  return problems;
}

/** Of each station's newest issue: all leads, a believable temperature, quantiles in order. */
async function checkForecasts(connection: DuckDBConnection, { maxLeadHours }: Config): Promise<string[]> {
  const newest = `(FROM forecasts JOIN (SELECT stationId, newestIssuedTime AS issuedTime, coalesce(icao, stationId) AS name
    FROM stations) USING (stationId, issuedTime) SELECT * WHERE model = '${publishedModel}' AND variable = 'temperature')`;
  const stations = await rowsOf<{ name: string; leads: number; wild: number; crossed: number }>(
    connection,
    `SELECT name, count(DISTINCT leadHours)::DOUBLE AS leads,
       count(*) FILTER (valueC NOT BETWEEN -95 AND 65)::DOUBLE AS wild,
       count(*) FILTER (NOT (p025 <= p10 AND p10 <= p25 AND p25 <= p50 AND p50 <= p75 AND p75 <= p90 AND p90 <= p975))::DOUBLE AS crossed
     FROM ${newest} GROUP BY name ORDER BY name`,
  );
  const tests: [string, (station: (typeof stations)[number]) => boolean][] = [
    [`fewer than ${maxLeadHours} hours are forecast`, ({ leads }) => leads < maxLeadHours],
    ["a temperature is forecast that was never observed on Earth", ({ wild }) => wild > 0],
    ["quantiles cross", ({ crossed }) => crossed > 0],
  ];
  return tests.flatMap(([what, fails]) => {
    const failed = stations.filter(fails);
    return failed.length > 0 ? [`${what}: ${namesOf(failed)}`] : [];
  });
}

function namesOf(stations: readonly { name: string }[]): string {
  return stations.map(({ name }) => name).join(", ");
}

async function checkNothingLost(home: string): Promise<string[]> {
  const file = join(home, restoredName);
  if (!existsSync(file)) return [];
  const before = JSON.parse(readFileSync(file, "utf8")) as Record<string, number>;
  const now = await countLasting(home);
  return lastingTables
    .filter((table) => (now[table] ?? 0) < (before[table] ?? 0))
    .map((table) => `${table} had ${before[table]} rows when the state was restored, and has ${now[table] ?? 0}`);
}

/** Rows of the tables that only grow, as a file to be compared with later. */
export async function countLasting(home: string): Promise<Record<string, number>> {
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
  for (const table of lastingTables.filter((table) => known.has(table))) {
    const [row] = await store.all<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
    counts[table] = row!.n;
  }
  return counts;
}

export function restoredFile(home: string): string {
  return join(home, restoredName);
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
