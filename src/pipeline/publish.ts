import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { featureNames } from "../model/features.js";
import { Forecaster } from "../model/forecaster.js";
import { LinearExpert } from "../model/linearExpert.js";
import { maxLeadHours, modelNames, publishedModel, reportedLeads, variables } from "../model/vocabulary.js";
import type { Clock } from "./clock.js";
import type { Config } from "./config.js";
import { tenth } from "./forecastRows.js";
import { PublishedManifest, type PublishedTable, publishedTables } from "./published.js";
import { readSnapshot, snapshotPath } from "./snapshotFile.js";
import { type Cell, getMeta, type Store } from "./store.js";

/** A station trained past the clock knows its scores up to there: the month under way was scored with what came later. */
const monthsKnown = `(month < date_trunc('month', $now)
      OR stationId NOT IN (SELECT stationId FROM snapshots WHERE throughTime > $now))`;

/** Each published table as a query on the store, ordered so that equal content has equal bytes. */
const queries: Record<Exclude<PublishedTable, "weights">, string> = {
  stations: `
    WITH lineages AS (SELECT stationId, max(genesisTime) AS genesisTime FROM snapshots GROUP BY stationId),
      observed AS (SELECT stationId, max(validTime) AS newestObservedTime
        FROM seen WHERE variable = 'temperature' GROUP BY stationId),
      counted AS (
        SELECT stationId, count(*)::INTEGER AS hoursObserved
        FROM seen JOIN lineages USING (stationId)
        WHERE variable = 'temperature' AND validTime >= genesisTime GROUP BY stationId),
      issued AS (
        SELECT stationId, max(issuedTime) AS newestIssuedTime FROM forecasts WHERE issuedTime <= $now GROUP BY stationId),
      failures AS (SELECT stationId, count(*)::INTEGER AS rowsQuarantined FROM quarantine GROUP BY stationId)
    SELECT stationId, icao, name, latitude, longitude, elevationM, timeZone, genesisTime, newestObservedTime,
      newestIssuedTime, coalesce(hoursObserved, 0) AS hoursObserved,
      greatest(0, coalesce(date_diff('hour', genesisTime, newestObservedTime) + 1 - hoursObserved, 0))::INTEGER
        AS hoursMissing,
      coalesce(rowsQuarantined, 0) AS rowsQuarantined, $simulated AS simulated
    FROM stations JOIN observed USING (stationId) LEFT JOIN lineages USING (stationId)
      LEFT JOIN counted USING (stationId) LEFT JOIN issued USING (stationId) LEFT JOIN failures USING (stationId)
    ORDER BY stationId`,
  hours: `
    SELECT stationId, validTime, any_value(value) FILTER (variable = 'temperature') AS temperatureC,
      any_value(value) FILTER (variable = 'dewPoint') AS dewPointC
    FROM seen GROUP BY stationId, validTime HAVING temperatureC IS NOT NULL OR dewPointC IS NOT NULL
    ORDER BY stationId, validTime`,
  forecasts: `
    SELECT stationId, issuedTime, leadHours::INTEGER AS leadHours, variable, model, valueC,
      p025, p10, p25, if(p25 IS NULL, NULL, valueC) AS p50, p75, p90, p975
    FROM (SELECT *, '${publishedModel}' AS model FROM forecasts UNION ALL BY NAME SELECT * FROM baselines)
    WHERE issuedTime <= $now AND leadHours <= $maxLead ORDER BY stationId, issuedTime, model, variable, leadHours`,
  officialForecasts: `
    SELECT stationId, issuedTime, generatedTime, updateTime, leadHours::INTEGER AS leadHours, temperatureC, dewPointC
    FROM officialForecasts WHERE issuedTime BETWEEN $now - INTERVAL 60 DAY AND $now
    ORDER BY stationId, issuedTime, leadHours`,
  scores: `
    SELECT stationId, variable, model, leadHours::INTEGER AS leadHours, month, n, mae, bias, rmse
    FROM scores WHERE ${monthsKnown} AND leadHours <= $maxLead ORDER BY ALL`,
  scoresByHour: `
    SELECT stationId, variable, model, leadHours::INTEGER AS leadHours, month, hourOfDay::INTEGER AS hourOfDay, n,
      mae, bias, rmse
    FROM scoresByHour WHERE ${monthsKnown} ORDER BY ALL`,
  calibration: `
    SELECT * REPLACE (leadHours::INTEGER AS leadHours) FROM calibration WHERE ${monthsKnown} ORDER BY ALL`,
  calibrationByHour: `
    SELECT * REPLACE (leadHours::INTEGER AS leadHours, hourOfDay::INTEGER AS hourOfDay)
    FROM calibrationByHour WHERE ${monthsKnown} ORDER BY ALL`,
  ewmae: "SELECT * REPLACE (leadHours::INTEGER AS leadHours) FROM ewmae WHERE time <= $now ORDER BY ALL",
  expertWeights:
    "SELECT * REPLACE (leadHours::INTEGER AS leadHours) FROM expertWeights WHERE time <= $now ORDER BY ALL",
  alarms: "FROM alarms WHERE time <= $now ORDER BY ALL",
  snapshots: `
    SELECT snapshotId, parentId, stationId, throughTime, hoursConsumed, hoursDigest, configDigest, stateBytes, kept
    FROM snapshots WHERE throughTime <= $now ORDER BY stationId, throughTime`,
  quarantine: "FROM quarantine ORDER BY ALL",
  requests: `
    SELECT source, url, status, bytes, seconds, outcome, requestedTime
    FROM requests WHERE requestedTime > $now - INTERVAL 60 DAY ORDER BY ALL`,
  runs: `
    SELECT runId, command, startedTime, finishedTime, "asOf", outcome, message
    FROM runs WHERE startedTime > $now - INTERVAL 60 DAY ORDER BY startedTime`,
};

/**
 * Writes what pages need to `<home>/published`: a Parquet file a table and `manifest.json`, as one folder that
 * replaces the one before. Nothing observed after the clock is in it.
 */
export async function publish(store: Store, config: Config, { clock }: { clock: Clock }): Promise<PublishedManifest> {
  const folder = join(config.home, "published");
  const next = `${folder}.tmp`;
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next, { recursive: true });
  const simulated = (await getMeta(store, "simulated")) === "true";
  const now = new Date(clock.now()).toISOString().replace("Z", "");
  await store.run(
    `CREATE OR REPLACE TEMP VIEW seen AS FROM hours WHERE validTime <= TIMESTAMP '${now}' AND value IS NOT NULL`,
  );
  await prepareNewest(store, config, now);
  const files: PublishedManifest["files"] = [];
  for (const table of Object.keys(publishedTables) as PublishedTable[]) {
    const query = table === "weights" ? "FROM newestWeights ORDER BY ALL" : queries[table];
    const sql = query
      .replaceAll("$simulated", String(simulated))
      .replaceAll("$maxLead", String(config.maxLeadHours))
      .replaceAll("$now", `TIMESTAMP '${now}'`);
    const name = `${table}.parquet`;
    const path = join(next, name);
    await store.run(`COPY (${sql}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION snappy)`);
    const bytes = readFileSync(path);
    const [count] = await store.all<{ n: number }>(`SELECT count(*)::DOUBLE AS n FROM '${path.replaceAll("'", "''")}'`);
    files.push({ name, rows: count.n, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") });
  }
  const [newest] = await store.all<{ time: number | null }>(
    "SELECT epoch_ms(max(validTime))::DOUBLE AS time FROM seen",
  );
  const manifest: PublishedManifest = {
    schemaVersion: 1,
    version: packageVersion(),
    asOf: clock.now(),
    dataThrough: newest.time,
    simulated,
    publishedModel,
    files,
  };
  writeFileSync(join(next, "manifest.json"), `${JSON.stringify(PublishedManifest.parse(manifest), null, 2)}\n`);
  replaceFolder(folder, next);
  return manifest;
}

/** Temporary tables of what only the newest states know: weights, and what the baselines issued. */
async function prepareNewest(store: Store, config: Config, now: string): Promise<void> {
  await store.run(`
    CREATE OR REPLACE TEMP TABLE newestWeights
      (stationId VARCHAR, variable VARCHAR, leadHours INTEGER, feature VARCHAR, weight DOUBLE);
    CREATE OR REPLACE TEMP TABLE baselines
      (stationId VARCHAR, issuedTime TIMESTAMP, leadHours UTINYINT, variable VARCHAR, model VARCHAR, valueC DOUBLE)`);
  const tips = await store.all<{ stationId: string; snapshotId: string; throughTime: number }>(
    `SELECT stationId, snapshotId, epoch_ms(throughTime)::DOUBLE AS throughTime FROM snapshots
     WHERE kept AND throughTime <= TIMESTAMP '${now}' QUALIFY row_number() OVER (PARTITION BY stationId ORDER BY throughTime DESC) = 1`,
  );
  const weights: Cell[][] = [];
  const baselines: Cell[][] = [];
  const forecaster = new Forecaster(config.model);
  for (const { stationId, snapshotId, throughTime } of tips) {
    forecaster.restore(readSnapshot(snapshotPath(config.home, stationId, snapshotId)));
    weights.push(...weightRows(stationId, forecaster));
    forecaster.issued.forEach((values, k) => {
      if (modelNames[k] === publishedModel) return;
      values.forEach((value, column) => {
        if (!Number.isNaN(value)) {
          const variable = variables[Math.floor(column / maxLeadHours)];
          baselines.push([stationId, throughTime, (column % maxLeadHours) + 1, variable, modelNames[k], tenth(value)]);
        }
      });
    });
  }
  await store.append("newestWeights", ["stationId", "variable", "leadHours", "feature", "weight"], weights);
  await store.append("baselines", ["stationId", "issuedTime", "leadHours", "variable", "model", "valueC"], baselines);
}

function* weightRows(stationId: string, forecaster: Forecaster): Generator<Cell[]> {
  const rls = forecaster.experts.find(({ name }) => name === "rls");
  if (!(rls instanceof LinearExpert)) return;
  for (const [v, variable] of variables.entries())
    for (const lead of weightLeads) {
      const weights = rls.model.weightsOf(v * maxLeadHours + lead - 1);
      for (const [i, feature] of featureNames.entries()) yield [stationId, variable, lead, feature, weights[i]];
    }
}

/** Leads of which weights are published: the reported ones and some between, enough for a picture. */
const weightLeads = [...new Set([...reportedLeads, 2, 4, 5, 8, 10, 15, 18, 21, 30, 36, 42, 54, 60, 66])].sort(
  (a, b) => a - b,
);

/** The old folder stays until the new one is whole; a reader finds one or the other. */
function replaceFolder(folder: string, next: string): void {
  const old = `${folder}.old`;
  rmSync(old, { recursive: true, force: true });
  try {
    renameSync(folder, old);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  renameSync(next, folder);
  rmSync(old, { recursive: true, force: true });
}

function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
