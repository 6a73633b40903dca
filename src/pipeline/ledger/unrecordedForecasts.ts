import { type Store, timestamp } from "../../data/store/store.js";
import { hourMs } from "../../shared/time.js";
import { entriesInForce, type LedgerEntry, readLedger } from "./ledgerEntries.js";
import { digestSql, emptyDigest, forecastLine } from "./lineDigest.js";

/** What an entry records of new forecasts and snapshots. */
export type NewForecasts = Pick<
  LedgerEntry,
  "issuedFrom" | "issuedThrough" | "issued" | "issuesDigest" | "snapshotIds"
>;

export const noForecasts: NewForecasts = {
  issuedFrom: null,
  issuedThrough: null,
  issued: 0,
  issuesDigest: emptyDigest,
  snapshotIds: "",
};

/** Entries with more forecasts are compared one station at a time. */
const manyForecasts = 1000;

/**
 * The forecasts of each station that the ledger does not record yet. When a station's newest entries no longer match,
 * because hours were deleted or learned again, all forecasts from there on count as new.
 * @param issuing the newest entry with forecasts of each station in the ledger; null for a station without one
 */
export async function unrecordedForecasts(
  store: Pick<Store, "all">,
  issuing: ReadonlyMap<string, LedgerEntry | null>,
): Promise<Map<string, NewForecasts>> {
  const all = new Map<string, NewForecasts>();
  const compared = new Set<string>();
  for (const { stationId, recordedDigest, ...issued } of await sinceNewestEntries(store)) {
    if (recordedDigest !== issuing.get(stationId)?.issuesDigest) continue;
    compared.add(stationId);
    if (issued.issued > 0) all.set(stationId, issued);
  }
  const stations = await store.all<{ stationId: string }>("SELECT DISTINCT stationId FROM issues");
  for (const stationId of new Set([...stations.map((row) => row.stationId), ...issuing.keys()])) {
    if (compared.has(stationId)) continue;
    const issued = await sinceLastValidEntry(store, stationId);
    if (issued) all.set(stationId, issued);
  }
  return all;
}

/** The forecasts after each station's newest entry, and the digest of the forecasts in it; only where these are few. */
async function sinceNewestEntries(
  store: Pick<Store, "all">,
): Promise<(NewForecasts & { stationId: string; recordedDigest: string })[]> {
  return store.all(
    `WITH recorded AS (
      SELECT stationId, issuedFrom, issuedThrough, issued FROM ledger WHERE issuedFrom IS NOT NULL
      QUALIFY row_number() OVER (PARTITION BY stationId ORDER BY entry DESC) = 1
    ), few AS (FROM recorded WHERE issued <= ${manyForecasts}),
    made AS (
      SELECT stationId, string_agg(snapshotId, ' ' ORDER BY throughTime) AS snapshotIds
      FROM snapshots JOIN few USING (stationId) WHERE throughTime > issuedThrough GROUP BY stationId
    ), now AS (
      SELECT stationId, ${digestSql(forecastLine, "issuedTime", "issuedTime <= issuedThrough")} AS recordedDigest,
        count(*) FILTER (issuedTime > issuedThrough) AS issued, max(issuedTime) AS lastTime,
        ${digestSql(forecastLine, "issuedTime", "issuedTime > issuedThrough")} AS issuesDigest
      FROM issues JOIN few USING (stationId) WHERE issuedTime >= issuedFrom GROUP BY stationId
    )
    SELECT stationId, recordedDigest, few.issuedThrough + INTERVAL 1 HOUR AS issuedFrom,
      lastTime AS issuedThrough, now.issued, issuesDigest, coalesce(snapshotIds, '') AS snapshotIds
    FROM few JOIN now USING (stationId) LEFT JOIN made USING (stationId)`,
  );
}

/** The forecasts after the last entry that still matches; null when all match and there are none. */
async function sinceLastValidEntry(store: Pick<Store, "all">, stationId: string): Promise<NewForecasts | null> {
  const ranges = entriesInForce(await readLedger(store, stationId));
  let replaced: number | null = null;
  while (ranges.length > 0) {
    const { issuedFrom, issuedThrough, issuesDigest } = ranges.at(-1)!;
    if ((await forecastsBetween(store, stationId, issuedFrom, issuedThrough)).issuesDigest === issuesDigest) break;
    replaced = issuedFrom;
    ranges.pop();
  }
  const last = ranges.at(-1);
  const from = last ? last.issuedThrough + hourMs : replaced;
  const { first, through, ...issued } = await forecastsBetween(store, stationId, from, null);
  if (issued.issued === 0 && replaced === null) return null;
  const issuedFrom = (from ?? first)!;
  const [made] = await store.all<{ snapshotIds: string }>(
    `SELECT coalesce(string_agg(snapshotId, ' ' ORDER BY throughTime), '') AS snapshotIds FROM snapshots
     WHERE stationId = $stationId AND throughTime >= coalesce($from, '-infinity'::TIMESTAMP)`,
    { stationId, from: last ? timestamp(issuedFrom) : null },
  );
  return { issuedFrom, issuedThrough: through ?? issuedFrom - hourMs, ...issued, ...made! };
}

async function forecastsBetween(
  store: Pick<Store, "all">,
  stationId: string,
  from: number | null,
  through: number | null,
) {
  const [row] = await store.all<{ first: number | null; through: number | null; issued: number; issuesDigest: string }>(
    `SELECT min(issuedTime) AS first, max(issuedTime) AS through, count(*) AS issued,
       ${digestSql(forecastLine, "issuedTime")} AS issuesDigest
     FROM issues WHERE stationId = $stationId
       AND issuedTime BETWEEN coalesce($from, '-infinity'::TIMESTAMP) AND coalesce($through, 'infinity'::TIMESTAMP)`,
    { stationId, from: from === null ? null : timestamp(from), through: through === null ? null : timestamp(through) },
  );
  return row!;
}
