import { guidanceLeads } from "../../model/features/guidanceHours.js";
import { hourMs } from "../../shared/time.js";
import { type Store, timestamp } from "./store.js";

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

/**
 * Stores a run as an update saw it: the values that differ from those of the run before. It counts from the hour in which it
 * became public, or from the newest hour that the model has learned, so that no forecast already made would have known it.
 * There is at most one run an hour; one that is older than the newest stored is left out.
 * @param now the run's clock, epoch milliseconds
 * @param isPartial whether some of the run could not be read: for those hours the earlier values stay
 * @returns whether it was stored
 */
export async function storeGuidance(
  store: Store,
  run: GuidanceRun,
  hours: readonly GuidanceValue[],
  now: number,
  { isPartial = false } = {},
): Promise<boolean> {
  const key = { source: run.source, stationId: run.stationId };
  const [newest] = await store.all<{ issued: number | null; run: number | null; learned: number | null }>(
    `SELECT epoch_ms(max(issuedTime))::DOUBLE AS issued, epoch_ms(max(runTime))::DOUBLE AS run,
       (SELECT epoch_ms(max(throughTime))::DOUBLE FROM snapshots WHERE stationId = $stationId) AS learned
     FROM guidanceRuns WHERE source = $source AND stationId = $stationId`,
    key,
  );
  const { issued, run: newestRun, learned } = newest!;
  if (newestRun !== null && run.runTime < newestRun) return false;
  const earliest = Math.max(hourStart(run.publicTime), learned ?? Number.NEGATIVE_INFINITY);
  const issuedTime = issued !== null && earliest <= issued ? hourStart(now) : earliest;
  if (issued !== null && issuedTime <= issued) return false;
  const known = issued === null ? new Map() : await knownValues(store, key, issuedTime);
  const rows = changedRows(known, issuedTime, hours, {
    isPartial: isPartial || run.runTime === newestRun,
    isLive: true,
  });
  await insertRuns(store, [{ ...run, issuedTime, imported: false }], [rows.map((row) => ({ ...key, ...row }))]);
  return true;
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
    if (isFirstAfter) known = await knownValues(store, key, issuedTime);
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

/** The values known of each hour from the runs up to `issuedTime`. */
async function knownValues(
  store: Pick<Store, "all">,
  { source, stationId }: Pick<GuidanceRun, "source" | "stationId">,
  issuedTime: number,
): Promise<Known> {
  const rows = await store.all<GuidanceValue & { temperatureC: number | null; imported: boolean }>(
    `SELECT epoch_ms(issuedTime)::DOUBLE + leadHours * ${hourMs} AS "validTime", temperatureC, dewPointC, temperatureSpreadC,
       imported
     FROM guidanceSeen WHERE leadHours IS NOT NULL AND source = $source AND stationId = $stationId
       AND issuedTime BETWEEN $issuedTime - INTERVAL ${guidanceLeads} HOUR AND $issuedTime
     QUALIFY row_number() OVER (PARTITION BY validTime ORDER BY issuedTime DESC) = 1`,
    { source, stationId, issuedTime: timestamp(issuedTime) },
  );
  return new Map(rows.flatMap((row) => (row.temperatureC === null ? [] : [[row.validTime, row]])));
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
  const first = runs[0];
  if (!first) return;
  const [{ entry } = { entry: 1 }] = await store.all<{ entry: number }>(
    "SELECT coalesce(max(entry), 0) + 1 AS entry FROM ledger WHERE stationId = $stationId",
    { stationId: first.stationId },
  );
  await store.insert(
    "guidanceRuns",
    runs.map(({ source, stationId, issuedTime, runTime, publicTime, imported }) => {
      return { source, stationId, issuedTime, runTime, publicTime, imported, entry };
    }),
  );
  await store.insert("guidance", rows.flat());
}
