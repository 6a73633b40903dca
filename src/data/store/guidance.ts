import { guidanceLeads } from "../../model/features/guidanceHours.js";
import { groupBy } from "../../shared/groupBy.js";
import { hourMs } from "../../shared/time.js";
import { sqlText } from "./sqlText.js";
import type { Store } from "./store.js";

/** A run of a source of guidance for a station; times are epoch milliseconds. */
export interface GuidanceRun {
  /** nbm, nws, or the name of an imported archive. */
  source: string;
  stationId: string;
  /** When it became public. */
  publicTime: number;
  /** The hour it starts from. */
  runTime: number;
}

/** One hour of guidance, °C. */
export interface GuidanceValue {
  validTime: number;
  temperatureC: number;
  dewPointC: number | null;
  /** Standard deviation of the temperature. */
  temperatureSpreadC: number | null;
}

/** Guidance for the same hour from an earlier run, and whether that was imported. */
type Known = Map<number, GuidanceValue & { imported?: boolean }>;

/** A run as an update saw it. */
export interface SeenGuidance {
  run: GuidanceRun;
  hours: readonly GuidanceValue[];
  /** Whether some of the run could not be read: for those hours the earlier values stay. */
  isPartial?: boolean;
}

/**
 * Stores runs of a source as an update saw them, one of each station: the values that differ from those of the run before. A
 * run counts from the hour in which it became public, or from the newest hour that the model has learned, so that no forecast
 * already made would have known it. There is at most one run an hour; one that is older than the newest stored is left out.
 * @param now the update's clock, epoch milliseconds
 * @returns how many were stored
 */
export async function storeGuidance(store: Store, seen: readonly SeenGuidance[], now: number): Promise<number> {
  const source = seen[0]?.run.source;
  if (source === undefined) return 0;
  const stationIds = seen.map(({ run }) => sqlText(run.stationId)).join(", ");
  const newest = await byStation<{ issued: number | null; run: number | null; learned: number | null }>(
    store,
    `SELECT stationId, epoch_ms(issued)::DOUBLE AS issued, epoch_ms(run)::DOUBLE AS run, epoch_ms(learned)::DOUBLE AS learned
     FROM (SELECT stationId, max(issuedTime) AS issued, max(runTime) AS run FROM guidanceRuns
         WHERE source = $source AND stationId IN (${stationIds}) GROUP BY stationId)
       FULL JOIN (SELECT stationId, max(throughTime) AS learned FROM snapshots
         WHERE stationId IN (${stationIds}) GROUP BY stationId) USING (stationId)`,
    { source },
  );
  const taken = seen.flatMap((one) => {
    const { issued, run, learned } = newest.get(one.run.stationId)?.[0] ?? { issued: null, run: null, learned: null };
    if (run !== null && one.run.runTime < run) return [];
    const earliest = Math.max(hourStart(one.run.publicTime), learned ?? Number.NEGATIVE_INFINITY);
    const issuedTime = issued !== null && earliest <= issued ? hourStart(now) : earliest;
    if (issued !== null && issuedTime <= issued) return [];
    return [{ ...one, issuedTime, isPartial: one.isPartial || one.run.runTime === run }];
  });
  const known = await knownValues(
    store,
    source,
    taken.map(({ run, issuedTime }) => ({ stationId: run.stationId, issuedTime })),
  );
  const rows = taken.map(({ run, issuedTime, hours, isPartial }) =>
    changedRows(known.get(run.stationId) ?? new Map(), issuedTime, hours, { isPartial, isLive: true }).map((row) => {
      return { source, stationId: run.stationId, ...row };
    }),
  );
  await insertRuns(
    store,
    taken.map(({ run, issuedTime }) => ({ ...run, issuedTime, imported: false })),
    rows,
  );
  return taken.length;
}

async function byStation<Row>(
  store: Pick<Store, "all">,
  sql: string,
  params: Record<string, string> = {},
): Promise<Map<string, (Row & { stationId: string })[]>> {
  return groupBy(await store.all<Row & { stationId: string }>(sql, params), ({ stationId }) => stationId);
}

/**
 * Stores runs of an archive. Only those before the first or after the newest stored run of the source are taken, because the
 * stored values are the changes from run to run.
 * @param runs in the order of publicTime; of several in an hour the last is taken
 * @returns how many were stored
 */
export async function storeArchive(
  store: Store,
  { source, stationId }: Pick<GuidanceRun, "source" | "stationId">,
  runs: readonly (Pick<GuidanceRun, "publicTime" | "runTime"> & { hours: readonly GuidanceValue[] })[],
): Promise<number> {
  const key = { source, stationId };
  const [stored] = await store.all<{ first: number | null; last: number | null }>(
    `SELECT epoch_ms(min(issuedTime))::DOUBLE AS first, epoch_ms(max(issuedTime))::DOUBLE AS last
     FROM guidanceRuns WHERE source = $source AND stationId = $stationId`,
    key,
  );
  const { first, last } = stored!;
  const byHour = new Map(runs.map((run) => [hourStart(run.publicTime), run]));
  const taken = [...byHour].filter(([issuedTime]) => first === null || issuedTime < first || issuedTime > last!);
  let known: Known = new Map();
  const rows = [];
  for (const [i, [issuedTime, { hours }]] of taken.entries()) {
    const isFirstAfter = last !== null && issuedTime > last && !(i > 0 && taken[i - 1]![0] > last);
    if (isFirstAfter)
      known = (await knownValues(store, source, [{ stationId, issuedTime }])).get(stationId) ?? new Map();
    rows.push(changedRows(known, issuedTime, hours).map((row) => ({ ...key, ...row })));
  }
  const imported = taken.map(([issuedTime, { publicTime, runTime }]) => {
    return { ...key, issuedTime, runTime, publicTime, imported: true };
  });
  await insertRuns(store, imported, rows);
  return taken.length;
}

function hourStart(time: number): number {
  return Math.floor(time / hourMs) * hourMs;
}

interface ChangedRow {
  issuedTime: number;
  leadHours: number;
  temperatureC: number | null;
  dewPointC: number | null;
  temperatureSpreadC: number | null;
}

/** The values known of each hour of a station from the runs before a time. */
async function knownValues(
  store: Pick<Store, "all">,
  source: string,
  stations: readonly { stationId: string; issuedTime: number }[],
): Promise<Map<string, Known>> {
  if (stations.length === 0) return new Map();
  const before = stations.map(
    ({ stationId, issuedTime }) => `(${sqlText(stationId)}, make_timestamp(${issuedTime * 1000}))`,
  );
  const rows = await byStation<GuidanceValue & { temperatureC: number | null; imported: boolean }>(
    store,
    `SELECT stationId, epoch_ms(issuedTime)::DOUBLE + leadHours * ${hourMs} AS "validTime", temperatureC, dewPointC,
       temperatureSpreadC, imported
     FROM guidanceSeen JOIN (VALUES ${before.join(", ")}) AS stations(stationId, time) USING (stationId)
     WHERE leadHours IS NOT NULL AND source = $source
       AND issuedTime BETWEEN time - INTERVAL ${guidanceLeads} HOUR AND time
     QUALIFY row_number() OVER (PARTITION BY stationId, validTime ORDER BY issuedTime DESC) = 1`,
    { source },
  );
  return new Map(
    [...rows].map(([stationId, own]) => [
      stationId,
      new Map(own.flatMap((row) => (row.temperatureC === null ? [] : [[row.validTime, row]]))),
    ]),
  );
}

/**
 * What a run changes of the known values, which become its own.
 * @param isPartial whether what is missing is no change, because the run is partial or is the one known, read again
 * @param isLive whether values that only an imported run gave count as changes, because live scores leave those out
 */
function changedRows(
  known: Known,
  issuedTime: number,
  hours: readonly GuidanceValue[],
  { isPartial = false, isLive = false } = {},
): ChangedRow[] {
  const rows: ChangedRow[] = [];
  const given = new Set<number>();
  for (const hour of [...hours].sort((a, b) => a.validTime - b.validTime)) {
    const { validTime, temperatureC, temperatureSpreadC } = hour;
    const leadHours = (validTime - issuedTime) / hourMs;
    if (!Number.isInteger(leadHours) || leadHours < 1 || leadHours > guidanceLeads || given.has(validTime)) continue;
    given.add(validTime);
    const before = known.get(validTime);
    const dewPointC = hour.dewPointC ?? (isPartial ? (before?.dewPointC ?? null) : null);
    known.set(validTime, { ...hour, dewPointC });
    const isSame =
      !(isLive && before?.imported) &&
      before?.temperatureC === temperatureC &&
      before.dewPointC === dewPointC &&
      before.temperatureSpreadC === temperatureSpreadC;
    if (!isSame) rows.push({ issuedTime, leadHours, temperatureC, dewPointC, temperatureSpreadC });
  }
  for (const validTime of [...known.keys()].sort((a, b) => a - b)) {
    if (isPartial || given.has(validTime)) continue;
    known.delete(validTime);
    const leadHours = (validTime - issuedTime) / hourMs;
    if (leadHours >= 1)
      rows.push({ issuedTime, leadHours, temperatureC: null, dewPointC: null, temperatureSpreadC: null });
  }
  return rows;
}

async function insertRuns(
  store: Store,
  runs: readonly (GuidanceRun & { issuedTime: number; imported: boolean })[],
  rows: readonly (ChangedRow & Pick<GuidanceRun, "source" | "stationId">)[][],
): Promise<void> {
  if (runs.length === 0) return;
  const ids = [...new Set(runs.map(({ stationId }) => sqlText(stationId)))].join(", ");
  const entries = await byStation<{ entry: number }>(
    store,
    `SELECT stationId, max(entry) + 1 AS entry FROM ledger WHERE stationId IN (${ids}) GROUP BY stationId`,
  );
  await store.insert(
    "guidanceRuns",
    runs.map(({ source, stationId, issuedTime, runTime, publicTime, imported }) => {
      const entry = entries.get(stationId)?.[0]?.entry ?? 1;
      return { source, stationId, issuedTime, runTime, publicTime, imported, entry };
    }),
  );
  await store.insert("guidance", rows.flat());
}
