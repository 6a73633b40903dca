import { extremeKinds } from "../../model/extremes/windows.js";
import type { StationEvening } from "../../shared/published/scorecard.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { type EveningForecastRow, eveningName, talliesOf } from "../../shared/words/evenings.js";
import { readParquet } from "../ui/fetchApi.js";

/** The file of the last station. */
let cached: { key: string; newest: number | null; rows: Promise<EveningForecastRow[]> } | null = null;

/** A row of `/api/<key>/evenings.parquet`, as hyparquet reads it. */
export type StoredEveningRow = { [Column in keyof EveningForecastRow]: unknown };

/**
 * What was forecast on one evening: the low of its night and the high of the next day, as stored; empty when nothing was.
 * @param name the evening's date at the station, such as "2025-08-30"
 */
export async function eveningOf(
  { station, issuedTime }: Pick<StationForecast, "station" | "issuedTime">,
  name: string,
): Promise<StationEvening[]> {
  const { key, timeZone } = station;
  if (cached?.key !== key || cached.newest !== issuedTime) {
    const rows = readParquet<StoredEveningRow>(`api/${key}/evenings.parquet`).then(eveningRows);
    const request = { key, newest: issuedTime, rows };
    cached = request;
    // A failed request is repeated next time.
    rows.catch(() => {
      if (cached === request) cached = null;
    });
  }
  return eveningNamed(await cached.rows, name, timeZone);
}

/** The rows of the file, with times in epoch milliseconds, and single precision as the decimals that were stored. */
export function eveningRows(rows: readonly StoredEveningRow[]): EveningForecastRow[] {
  return rows.map((row) => {
    const cells = Object.entries(row).map(([column, value]) => {
      if (value instanceof Date) return [column, value.getTime()];
      return [column, typeof value === "number" ? Math.round(value * 1000) / 1000 : value];
    });
    return Object.fromEntries(cells) as EveningForecastRow;
  });
}

/** An evening's low and high with the tallies up to it. */
export function eveningNamed(rows: readonly EveningForecastRow[], name: string, timeZone: string): StationEvening[] {
  const ordered = [...rows].sort((a, b) => a.issuedTime - b.issuedTime);
  return extremeKinds.flatMap((kind) => {
    const row = ordered.find((one) => one.kind === kind && eveningName(one.issuedTime, timeZone) === name);
    return row ? [{ ...row, tally: talliesOf(ordered, row) }] : [];
  });
}
