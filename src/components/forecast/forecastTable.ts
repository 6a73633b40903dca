import { guidanceSources } from "../../model/vocabulary.js";
import type { ForecastHour, StationForecast } from "../../shared/published/stationForecast.js";
import { modelStyle } from "../chart/modelStyle.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { clockTime, dayName } from "../ui/timeZone.js";
import { formatTemperature } from "../ui/units.js";
import type { ForecastChartOptions } from "./forecastChart.js";
import { isOlder, newestForecast } from "./issuedForecast.js";

/** A forecast as a table, one hour per row; an older forecast has a column of observations, guidance one for each source. */
export function forecastTable(
  data: StationForecast,
  {
    unit = "C",
    zone = data.station.timeZone,
    variable = "temperature",
    forecast = newestForecast(data),
  }: Omit<ForecastChartOptions, "width" | "show"> = {},
): HTMLElement {
  const observed = new Map(data.observed.map((row) => [row.validTime, row[variable]]));
  const observations = numberColumn(`Observed, °${unit}`, ({ validTime }: ForecastHour) =>
    formatTemperature(observed.get(validTime) ?? null, unit),
  );
  const between = (low: number | null, high: number | null) =>
    low === null || high === null ? "–" : `${formatTemperature(low, unit)} to ${formatTemperature(high, unit)}`;
  return foldedTable("The forecast", forecast?.hours[variable] ?? [], [
    textColumn("Hour", (row) => `${dayName(row.validTime, zone)} ${clockTime(row.validTime, zone)}`),
    numberColumn("Lead, h", (row) => row.leadHours),
    numberColumn(`Forecast, °${unit}`, (row) => formatTemperature(row.valueC, unit)),
    ...(isOlder(data, forecast) ? [observations] : []),
    numberColumn("50 % interval", (row) => between(row.p25, row.p75)),
    numberColumn("80 % interval", (row) => between(row.p10, row.p90)),
    numberColumn("95 % interval", (row) => between(row.p025, row.p975)),
    ...guidanceSources.flatMap((source) => {
      const own = forecast?.baselines.find((row) => row.model === source && row.variable === variable);
      const value = ({ leadHours }: ForecastHour) => formatTemperature(own?.valueC[leadHours - 1] ?? null, unit);
      return own ? [numberColumn(modelStyle(source).label, value)] : [];
    }),
  ]);
}
