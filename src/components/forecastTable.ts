import type { StationForecast } from "../data/stationForecast.js";
import type { Variable } from "../model/vocabulary.js";
import { foldedTable } from "./dataTable.js";
import { clockTime, dayName } from "./timeZone.js";
import { formatTemperature, type TemperatureUnit } from "./units.js";

/** The forecast chart's numbers, an hour a row. */
export function forecastTable(
  data: StationForecast,
  {
    unit = "C",
    zone = data.station.timeZone,
    variable = "temperature",
  }: { unit?: TemperatureUnit; zone?: string; variable?: Variable } = {},
): HTMLElement {
  const between = (low: number | null, high: number | null) =>
    low === null || high === null ? "–" : `${formatTemperature(low, unit)} to ${formatTemperature(high, unit)}`;
  return foldedTable(
    data.forecast[variable],
    [
      { heading: "Hour", cell: (row) => `${dayName(row.validTime, zone)} ${clockTime(row.validTime, zone)}` },
      { heading: "Lead, h", cell: (row) => row.leadHours, numeric: true },
      { heading: `Forecast, °${unit}`, cell: (row) => formatTemperature(row.valueC, unit), numeric: true },
      { heading: "50 % interval", cell: (row) => between(row.p25, row.p75), numeric: true },
      { heading: "80 % interval", cell: (row) => between(row.p10, row.p90), numeric: true },
      { heading: "95 % interval", cell: (row) => between(row.p025, row.p975), numeric: true },
    ],
    { label: "The forecast" },
  );
}
