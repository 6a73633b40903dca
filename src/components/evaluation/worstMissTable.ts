import type { Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { clockTime, dateName, zoneName } from "../ui/timeZone.js";
import { differenceInUnit, formatSigned, formatTemperature, type TemperatureUnit } from "../ui/units.js";

/** The forecasts with the largest errors: forecast, interval, observation and error. */
export function worstMissTable(
  data: StationEvaluation,
  {
    unit = "C",
    variable = "temperature",
    leadHours = 24,
  }: { unit?: TemperatureUnit; variable?: Variable; leadHours?: number } = {},
): HTMLElement {
  const rows = data.worst.filter((row) => row.variable === variable && row.leadHours === leadHours);
  if (rows.length === 0) return html`<p class="empty">Nothing scored yet.</p>`;
  const zone = data.station.timeZone;
  return dataTable(
    rows,
    [
      {
        heading: "Valid time",
        cell: ({ validTime }) =>
          `${dateName(validTime, zone)} ${clockTime(validTime, zone)} ${zoneName(validTime, zone)}`,
      },
      { heading: `Forecast, °${unit}`, cell: ({ forecastC }) => formatTemperature(forecastC, unit), numeric: true },
      {
        heading: "95 % interval",
        cell: ({ p025, p975 }) =>
          p025 === null ? "–" : `${formatTemperature(p025, unit)} to ${formatTemperature(p975, unit)}`,
        numeric: true,
      },
      { heading: `Observed, °${unit}`, cell: ({ observedC }) => formatTemperature(observedC, unit), numeric: true },
      {
        heading: `Error, °${unit}`,
        cell: ({ forecastC, observedC }) => formatSigned(differenceInUnit(forecastC - observedC, unit), 1),
        numeric: true,
      },
    ],
    { label: `Worst misses ${leadHours} hours ahead` },
  );
}
