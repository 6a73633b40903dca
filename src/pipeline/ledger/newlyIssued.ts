import { type Store, timestamp } from "../../data/store/store.js";
import { hourMs } from "../../shared/time.js";
import { effectiveRanges } from "./effectiveRanges.js";
import { type LedgerEntry, readLedger } from "./ledgerEntry.js";
import { digestOfNothing, digestSql, issueLine } from "./lineDigest.js";

/** What an entry tells of issues and snapshots. */
export type Issued = Pick<LedgerEntry, "issuedFrom" | "issuedThrough" | "issued" | "issuesDigest" | "snapshotIds">;

export const noneIssued: Issued = {
  issuedFrom: null,
  issuedThrough: null,
  issued: 0,
  issuesDigest: digestOfNothing,
  snapshotIds: "",
};

/** Entries that tell of more issues than these are compared one station at a time. */
const manyIssues = 1000;

/**
 * What was issued of each station that the ledger does not tell yet. Where its newest entries are not true any more,
 * because hours were forgotten or learned anew, what they told of is told again from there on.
 * @param issuing of each station in the ledger the newest entry that tells of issues; null where none does
 */
export async function newlyIssued(
  store: Pick<Store, "all">,
  issuing: ReadonlyMap<string, LedgerEntry | null>,
): Promise<Map<string, Issued>> {
  const all = new Map<string, Issued>();
  const compared = new Set<string>();
  for (const { stationId, toldDigest, ...issued } of await afterNewest(store)) {
    if (toldDigest !== issuing.get(stationId)?.issuesDigest) continue;
    compared.add(stationId);
    if (issued.issued > 0) all.set(stationId, issued);
  }
  const stations = await store.all<{ stationId: string }>("SELECT DISTINCT stationId FROM issues");
  for (const stationId of new Set([...stations.map((row) => row.stationId), ...issuing.keys()])) {
    if (compared.has(stationId)) continue;
    const issued = await afterLastTrue(store, stationId);
    if (issued) all.set(stationId, issued);
  }
  return all;
}

/** Of stations whose newest entry that tells of issues tells of few: what came after them, and a digest of these now. */
async function afterNewest(store: Pick<Store, "all">): Promise<(Issued & { stationId: string; toldDigest: string })[]> {
  return store.all(
    `WITH told AS (
      SELECT stationId, issuedFrom, issuedThrough, issued FROM ledger WHERE issuedFrom IS NOT NULL
      QUALIFY row_number() OVER (PARTITION BY stationId ORDER BY entry DESC) = 1
    ), few AS (FROM told WHERE issued <= ${manyIssues}),
    made AS (
      SELECT stationId, string_agg(snapshotId, ' ' ORDER BY throughTime) AS snapshotIds
      FROM snapshots JOIN few USING (stationId) WHERE throughTime > issuedThrough GROUP BY stationId
    ), now AS (
      SELECT stationId, ${digestSql(issueLine, "issuedTime", "issuedTime <= issuedThrough")} AS toldDigest,
        count(*) FILTER (issuedTime > issuedThrough) AS issued, max(issuedTime) AS lastTime,
        ${digestSql(issueLine, "issuedTime", "issuedTime > issuedThrough")} AS issuesDigest
      FROM issues JOIN few USING (stationId) WHERE issuedTime >= issuedFrom GROUP BY stationId
    )
    SELECT stationId, toldDigest, epoch_ms(few.issuedThrough)::DOUBLE + ${hourMs} AS "issuedFrom",
      epoch_ms(lastTime)::DOUBLE AS "issuedThrough", now.issued, issuesDigest, coalesce(snapshotIds, '') AS "snapshotIds"
    FROM few JOIN now USING (stationId) LEFT JOIN made USING (stationId)`,
  );
}

/** What was issued after the last entry that is still true; null when there is nothing and all are. */
async function afterLastTrue(store: Pick<Store, "all">, stationId: string): Promise<Issued | null> {
  const ranges = effectiveRanges(await readLedger(store, stationId));
  let replaced: number | null = null;
  while (ranges.length > 0) {
    const { issuedFrom, issuedThrough, issuesDigest } = ranges.at(-1)!;
    if ((await issuedWithin(store, stationId, issuedFrom, issuedThrough)).issuesDigest === issuesDigest) break;
    replaced = issuedFrom;
    ranges.pop();
  }
  const last = ranges.at(-1);
  const from = last ? last.issuedThrough + hourMs : replaced;
  const { first, through, ...issued } = await issuedWithin(store, stationId, from, null);
  if (issued.issued === 0 && replaced === null) return null;
  const issuedFrom = (from ?? first)!;
  const [made] = await store.all<{ snapshotIds: string | null }>(
    `SELECT string_agg(snapshotId, ' ' ORDER BY throughTime) AS "snapshotIds" FROM snapshots
     WHERE stationId = $stationId ${last ? "AND throughTime >= $from" : ""}`,
    { stationId, ...(last ? { from: timestamp(issuedFrom) } : {}) },
  );
  const snapshotIds = made?.snapshotIds ?? "";
  return { issuedFrom, issuedThrough: through ?? issuedFrom - hourMs, ...issued, snapshotIds };
}

async function issuedWithin(store: Pick<Store, "all">, stationId: string, from: number | null, through: number | null) {
  const conditions = [
    from === null ? "" : "AND issuedTime >= $from",
    through === null ? "" : "AND issuedTime <= $through",
  ];
  const [row] = await store.all<{
    first: number | null;
    through: number | null;
    issued: number;
    issuesDigest: string;
  }>(
    `SELECT epoch_ms(min(issuedTime))::DOUBLE AS first, epoch_ms(max(issuedTime))::DOUBLE AS through,
      count(*) AS issued, ${digestSql(issueLine, "issuedTime")} AS "issuesDigest"
     FROM issues WHERE stationId = $stationId ${conditions.join(" ")}`,
    {
      stationId,
      ...(from === null ? {} : { from: timestamp(from) }),
      ...(through === null ? {} : { through: timestamp(through) }),
    },
  );
  return row!;
}
