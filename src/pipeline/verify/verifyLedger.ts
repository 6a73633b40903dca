import type { Store } from "../../data/store/store.js";
import { guidanceForHours } from "../../model/features/guidanceHours.js";
import { quantities } from "../../model/vocabulary.js";
import { hourMs } from "../../shared/time.js";
import { entriesInForce, hashOf, type LedgerEntry, readLedger } from "../ledger/ledgerEntries.js";
import { emptyDigest, LineDigest } from "../ledger/lineDigest.js";
import {
  digestsByEntry,
  guidanceValuesSeen,
  observedValues,
  type RecordedTable,
  relearnedValues,
} from "../ledger/recordedValues.js";
import { guidanceLearnedThrough } from "../train/learned.js";
import { isoHour } from "./difference.js";

/** A ledger entry that does not match the store. */
export interface LedgerDifference {
  entry: number;
  /** When the entry was written, ISO 8601; null for a missing entry. */
  time: string | null;
  message: string;
}

/**
 * Checks that a station's ledger is an unbroken chain, that the values, guidance and forecasts in the store
 * match it, and that no forecast used values first seen later. The replay checks the forecasts themselves.
 * @returns the first entry that differs
 */
export async function verifyLedger(
  store: Pick<Store, "all">,
  stationId: string,
): Promise<{ entries: number; difference: LedgerDifference | null }> {
  const entries = await readLedger(store, stationId);
  const broken = brokenLink(entries);
  // Entries after a broken link prove nothing, so they are not compared.
  const whole = broken ? entries.slice(0, broken.entry - 1) : entries;
  const differences = [
    broken,
    await compareFirstSeen(store, stationId, whole, observedValues),
    await compareFirstSeen(store, stationId, whole, guidanceValuesSeen),
    ...(broken ? [] : [await compareForecasts(store, stationId, entries)]),
    ...(broken ? [] : [await compareRelearned(store, stationId, entries)]),
  ].filter((difference) => difference !== null);
  const [first = null] = differences.sort((a, b) => a.entry - b.entry);
  return { entries: entries.length, difference: first };
}

function brokenLink(entries: readonly LedgerEntry[]): LedgerDifference | null {
  let previous = "";
  for (const [i, { hash, ...entry }] of entries.entries()) {
    if (entry.entry !== i + 1) return { entry: i + 1, time: null, message: "the entry is missing" };
    if (hashOf(previous, entry) !== hash) return differenceAt(entry, "the entry does not match its hash");
    previous = hash;
  }
  return null;
}

async function compareFirstSeen(
  store: Pick<Store, "all">,
  stationId: string,
  entries: readonly LedgerEntry[],
  table: RecordedTable,
): Promise<LedgerDifference | null> {
  const digests = await digestsByEntry(store, table, stationId);
  const { what } = table;
  for (const entry of entries) {
    const { n, digest } = digests.get(entry.entry) ?? { n: 0, digest: emptyDigest };
    const [recorded, recordedDigest] = [entry[table.n] ?? 0, entry[table.digest] ?? emptyDigest];
    if (n !== recorded) return differenceAt(entry, `it records ${recorded} ${what} first seen, but ${n} are stored`);
    if (digest !== recordedDigest) return differenceAt(entry, `the ${what} first seen differ from those it records`);
  }
  return null;
}

/** A forecast, and when the newest of its inputs that no earlier forecast knew became known. */
interface ForecastTimes {
  issued: number;
  made: number;
  digest: string;
  entry: number | null;
  seen: number | null;
  /** The newest entry that records guidance that no earlier forecast knew. */
  guidanceEntry: number | null;
}

async function compareForecasts(
  store: Pick<Store, "all">,
  stationId: string,
  entries: readonly LedgerEntry[],
): Promise<LedgerDifference | null> {
  const ranges = entriesInForce(entries);
  const issues = await readForecastTimes(store, stationId);
  const first = issues[0];
  if (first && !(first.issued >= (ranges[0]?.issuedFrom ?? Number.POSITIVE_INFINITY))) {
    const message = `it does not record the forecast issued at ${isoHour(first.issued / hourMs)}`;
    return differenceAt(ranges[0] ?? { entry: entries.length + 1, time: null }, message);
  }
  let at = 0;
  for (const [i, range] of ranges.entries()) {
    const end = ranges[i + 1]?.issuedFrom ?? Number.POSITIVE_INFINITY;
    const lines = new LineDigest();
    let early: LedgerDifference | null = null;
    for (; at < issues.length && issues[at]!.issued < end; at++) {
      const issue = issues[at]!;
      lines.add(`${issue.issued} ${issue.made} ${issue.digest}`);
      early ??= checkInputTimes(range, issue);
    }
    const { n, digest } = lines.end();
    const period = `from ${isoHour(range.issuedFrom / hourMs)}`;
    if (n !== range.issued) {
      return differenceAt(range, `it records ${range.issued} forecasts issued ${period}, but ${n} are stored`);
    }
    if (digest !== range.issuesDigest)
      return differenceAt(range, `the forecasts issued ${period} differ from those it records`);
    if (early) return early;
  }
  return null;
}

function checkInputTimes(
  range: LedgerEntry,
  { issued, made, entry, seen, guidanceEntry }: ForecastTimes,
): LedgerDifference | null {
  const what = `the forecast issued at ${isoHour(issued / hourMs)} was made`;
  if (entry !== null && entry > range.entry) {
    return differenceAt(range, `${what} from a value first recorded in entry ${entry}`);
  }
  // Old entries without guidance were written before these were recorded, later and all at once.
  if (range.guidanceSeen !== null && guidanceEntry !== null && guidanceEntry > range.entry) {
    return differenceAt(range, `${what} from guidance first recorded in entry ${guidanceEntry}`);
  }
  if (seen !== null && seen > made) {
    const times = [made, seen].map((time) => new Date(time).toISOString());
    return differenceAt(range, `${what} at ${times[0]} from a value first seen at ${times[1]}`);
  }
  return null;
}

async function readForecastTimes(store: Pick<Store, "all">, stationId: string): Promise<ForecastTimes[]> {
  return store.all<ForecastTimes>(
    `WITH own AS (SELECT issuedTime, madeTime, digest FROM issues WHERE stationId = $stationId),
    used AS (
      SELECT validTime, entry, firstSeenTime FROM hours
      WHERE stationId = $stationId AND learned AND variable IN (${quantities.map((name) => `'${name}'`).join(", ")})
    ), newest AS (
      SELECT own.issuedTime, max(entry) AS entry, max(firstSeenTime) AS seenTime
      FROM used ASOF JOIN own ON used.validTime <= own.issuedTime GROUP BY own.issuedTime
    ), seenGuidance AS (
      SELECT DISTINCT issuedTime + INTERVAL 1 HOUR AS fromTime, entry FROM guidanceRuns
      WHERE stationId = $stationId AND issuedTime + INTERVAL ${guidanceForHours} HOUR >= (SELECT min(issuedTime) FROM own)
        AND entry <= coalesce($throughEntry::INTEGER, entry)
    ), newestGuidance AS (
      SELECT own.issuedTime, max(entry) AS guidanceEntry
      FROM seenGuidance ASOF JOIN own ON seenGuidance.fromTime <= own.issuedTime GROUP BY own.issuedTime
    )
    SELECT epoch_ms(issuedTime)::DOUBLE AS issued, epoch_ms(madeTime)::DOUBLE AS made, digest, entry,
      epoch_ms(seenTime)::DOUBLE AS seen, guidanceEntry
    FROM own LEFT JOIN newest USING (issuedTime) LEFT JOIN newestGuidance USING (issuedTime) ORDER BY issuedTime`,
    { stationId, throughEntry: await guidanceLearnedThrough(store, stationId) },
  );
}

async function compareRelearned(
  store: Pick<Store, "all">,
  stationId: string,
  entries: readonly LedgerEntry[],
): Promise<LedgerDifference | null> {
  const newest = entries.at(-1);
  const digest = (await relearnedValues(store, stationId)).get(stationId)?.digest ?? emptyDigest;
  if (digest === (newest?.takenDigest ?? emptyDigest)) return null;
  const message = "the values used for relearning differ from those it records";
  return differenceAt(newest ?? { entry: 1, time: null }, message);
}

function differenceAt({ entry, time }: { entry: number; time: number | null }, message: string): LedgerDifference {
  return { entry, time: time === null ? null : new Date(time).toISOString(), message };
}
