import type { Variable } from "../../model/vocabulary.js";
import type { ForecastHour, StationForecast } from "../../shared/published/stationForecast.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { clockTime, dayName } from "../ui/timeZone.js";
import { formatTemperature, type TemperatureUnit } from "../ui/units.js";
import { type IssuedForecast, newestForecast } from "./issuedForecast.js";

/** A forecast as a table, one hour per row; an older forecast has a column of observations. */
export function forecastTable(
  data: StationForecast,
  {
    unit = "C",
    zone = data.station.timeZone,
    variable = "temperature",
    issue = newestForecast(data),
  }: { unit?: TemperatureUnit; zone?: string; variable?: Variable; issue?: IssuedForecast | null } = {},
): HTMLElement {
  const observed = new Map(data.observed.map((row) => [row.validTime, row[variable]]));
  const isPast = issue !== null && issue.issuedTime !== data.issuedTime;
  const between = (low: number | null, high: number | null) =>
    low === null || high === null ? "–" : `${formatTemperature(low, unit)} to ${formatTemperature(high, unit)}`;
  return foldedTable("The forecast", issue?.forecast[variable] ?? [], [
    textColumn("Hour", (row) => `${dayName(row.validTime, zone)} ${clockTime(row.validTime, zone)}`),
    numberColumn("Lead, h", (row) => row.leadHours),
    numberColumn(`Forecast, °${unit}`, (row) => formatTemperature(row.valueC, unit)),
    ...(isPast
      ? [
          numberColumn(`Observed, °${unit}`, (row: ForecastHour) =>
            formatTemperature(observed.get(row.validTime) ?? null, unit),
          ),
        ]
      : []),
    numberColumn("50 % interval", (row) => between(row.p25, row.p75)),
    numberColumn("80 % interval", (row) => between(row.p10, row.p90)),
    numberColumn("95 % interval", (row) => between(row.p025, row.p975)),
  ]);
}
