import { type Store, timestamp } from "../../data/store/store.js";
import { firstHourOfMonth, monthOf } from "../../model/calendar.js";
import { frostC } from "../../model/extremes/odds.js";
import { probabilityBelow } from "../../model/extremes/quantiles.js";
import { type ExtremeKind, extremeKinds, mayBeMissing, windowLengths } from "../../model/extremes/windows.js";
import { guidanceSources, quantileNames } from "../../model/vocabulary.js";
import { hourMs } from "../../shared/time.js";
import { type EveningForecast, extremeOf, guidanceExtremes } from "../replay/eveningForecast.js";
import { tenth } from "../replay/forecastRows.js";
import { isOnTime } from "./liveScores.js";
import { guidanceValues } from "./modelInput.js";

/** Full months before the current one of which replayed evenings are stored: a year, so that a new site has a tally at once. */
const replayedMonths = 12;

/** The first hour of which a replay stores evenings. They are dropped a month at a time, because a checkpoint has a file per month. */
export function eveningsFrom(lastHour: number): number {
  return firstHourOfMonth(monthOf(lastHour) - replayedMonths);
}

/**
 * Stores evening forecasts with what others said, and fills in what came in the windows that have ended. A live forecast is
 * inserted once, and so is what came of it; replayed and late ones are replaced when their hours are learned again. Call
 * it in the transaction that stores a batch, after `issues` and `hours` are up to date.
 * @param firstHour first and last hour of the batch, hours since 1970
 */
export async function storeEvenings(
  store: Store,
  stationId: string,
  evenings: readonly EveningForecast[],
  { firstHour, endHour }: { firstHour: number; endHour: number },
): Promise<void> {
  await deleteReplayedEvenings(store, stationId, firstHour);
  const { storedHours, madeTimes } = await knownHours(store, stationId, firstHour, evenings);
  const missing = evenings.filter(({ hour }) => !storedHours.has(hour));
  const pending = await pendingWindows(store, stationId, endHour);
  const started = [...missing.map(({ hour }) => hour), ...pending.map(({ hour }) => hour)];
  if (started.length === 0) return;
  const temperatures = await learnedTemperatures(store, stationId, Math.min(...started) - 24, endHour);
  const rows = [];
  for (const { hour, digest, windows } of missing) {
    const madeTime = madeTimes.get(hour)!;
    const isLive = madeTime < (hour + 1) * hourMs;
    // Imported guidance is not live guidance.
    const guidance = isLive ? await guidanceValues(store, stationId, hour, hour, { isLive }) : null;
    for (const { kind, endHour: end, quantiles, guidanceC } of windows) {
      const said = guidance
        ? guidanceExtremes({ kind, endHour: end }, hour, guidance, temperatures(hour, hour)[0]!)
        : guidanceC;
      const bounds = quantiles.map((value) => tenth(value)!);
      rows.push({
        stationId,
        issuedTime: hour * hourMs,
        madeTime,
        digest,
        kind,
        endTime: end * hourMs,
        ...Object.fromEntries(quantileNames.map((name, q) => [name, bounds[q]!])),
        frost: kind === "low" ? Math.round(probabilityBelow(bounds, frostC) * 1000) / 1000 : null,
        persistenceC: tenth(persistence(kind, hour, temperatures)),
        ...Object.fromEntries(guidanceSources.map((source, i) => [`${source}C`, tenth(said[i]!)])),
        ...(end <= endHour ? truthOf(kind, end, temperatures) : { truthC: null, hoursMissing: null }),
      });
    }
  }
  await store.insert("evenings", rows);
  for (const { hour, kind, end } of pending) {
    const { truthC, hoursMissing } = truthOf(kind, end, temperatures);
    await store.run(
      `UPDATE evenings SET truthC = $truthC, hoursMissing = $hoursMissing
       WHERE stationId = $stationId AND issuedTime = $time AND kind = $kind`,
      { stationId, time: timestamp(hour * hourMs), kind, truthC, hoursMissing },
    );
  }
  await store.run(`DELETE FROM evenings WHERE stationId = $stationId AND issuedTime < $first AND NOT (${isOnTime})`, {
    stationId,
    first: timestamp(eveningsFrom(endHour) * hourMs),
  });
}

/** Deletes the replayed and late evenings of a station from an hour (since 1970) on. */
export async function deleteReplayedEvenings(
  store: Pick<Store, "run">,
  stationId: string,
  firstHour = Number.NEGATIVE_INFINITY,
): Promise<void> {
  await store.run(
    `DELETE FROM evenings WHERE stationId = $stationId AND NOT (${isOnTime})
       AND issuedTime >= coalesce($first, '-infinity'::TIMESTAMP)`,
    { stationId, first: Number.isFinite(firstHour) ? timestamp(firstHour * hourMs) : null },
  );
}

/** Forgets what came after an hour (since 1970) of the replayed and late evenings, which is filled in again. */
export async function forgetReplayedTruth(
  store: Pick<Store, "run">,
  stationId: string,
  lastHour: number,
): Promise<void> {
  await deleteReplayedEvenings(store, stationId, lastHour + 1);
  await store.run(
    `UPDATE evenings SET truthC = NULL, hoursMissing = NULL
     WHERE stationId = $stationId AND endTime > $last AND NOT (${isOnTime})`,
    { stationId, last: timestamp(lastHour * hourMs) },
  );
}

/** The temperatures of the hours from one to another, °C; NaN where missing. */
type Temperatures = (fromHour: number, throughHour: number) => number[];

/** A station's temperatures as its model learned them. */
async function learnedTemperatures(
  store: Pick<Store, "all">,
  stationId: string,
  firstHour: number,
  lastHour: number,
): Promise<Temperatures> {
  const rows = await store.all<{ hour: number; value: number }>(
    `SELECT epoch_ms(validTime)::DOUBLE / ${hourMs} AS hour, value FROM modelHours
     WHERE stationId = $stationId AND variable = 'temperature' AND learned AND value IS NOT NULL
       AND validTime BETWEEN $first AND $last`,
    { stationId, first: timestamp(firstHour * hourMs), last: timestamp(lastHour * hourMs) },
  );
  const values = new Map(rows.map(({ hour, value }) => [hour, value]));
  return (from, through) => Array.from({ length: through - from + 1 }, (_, i) => values.get(from + i) ?? Number.NaN);
}

/** What came by the rule of the model's truth: null when more than one hour is missing. */
function truthOf(kind: ExtremeKind, end: number, temperatures: Temperatures) {
  const values = temperatures(end - windowLengths[extremeKinds.indexOf(kind)]!, end);
  const hoursMissing = values.filter(Number.isNaN).length;
  return { truthC: hoursMissing > mayBeMissing ? null : tenth(extremeOf(kind, values)), hoursMissing };
}

/** The same as last time: last night's low, or the highest of today's hours so far; NaN when more than one is missing. */
function persistence(kind: ExtremeKind, evening: number, temperatures: Temperatures): number {
  const last = kind === "low" ? evening - 24 + windowLengths[0]! : evening;
  const values = temperatures(kind === "low" ? evening - 24 : evening - 24 + windowLengths[0]!, last);
  return values.filter(Number.isNaN).length > mayBeMissing ? Number.NaN : extremeOf(kind, values);
}

/** The evenings from an hour on that are stored, and when their forecasts were made; nothing is read without evenings to store. */
async function knownHours(
  store: Pick<Store, "all">,
  stationId: string,
  firstHour: number,
  evenings: readonly EveningForecast[],
) {
  const timesOf = async (table: "evenings" | "issues") => {
    const rows = await store.all<{ hour: number; madeTime: number }>(
      `SELECT DISTINCT epoch_ms(issuedTime)::DOUBLE / ${hourMs} AS hour, epoch_ms(madeTime)::DOUBLE AS "madeTime"
       FROM ${table} WHERE stationId = $stationId AND issuedTime >= $first`,
      { stationId, first: timestamp(firstHour * hourMs) },
    );
    return new Map(rows.map(({ hour, madeTime }) => [hour, madeTime]));
  };
  if (evenings.length === 0) return { storedHours: new Map<number, number>(), madeTimes: new Map<number, number>() };
  return { storedHours: await timesOf("evenings"), madeTimes: await timesOf("issues") };
}

/** Stored windows that have ended and wait for what came. */
function pendingWindows(store: Pick<Store, "all">, stationId: string, endHour: number) {
  return store.all<{ hour: number; kind: ExtremeKind; end: number }>(
    `SELECT epoch_ms(issuedTime)::DOUBLE / ${hourMs} AS hour, kind, epoch_ms(endTime)::DOUBLE / ${hourMs} AS "end"
     FROM evenings WHERE stationId = $stationId AND hoursMissing IS NULL AND endTime <= $last`,
    { stationId, last: timestamp(endHour * hourMs) },
  );
}
