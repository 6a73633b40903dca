import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { dataTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { clockTime, dateName, zoneName } from "../ui/timeZone.js";
import { differenceInUnit, formatSigned, formatTemperature } from "../ui/units.js";
import type { ScoreOptions } from "./scoresByModel.js";

/** The forecasts with the largest errors: forecast, interval, observation and error. */
export function worstMissTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature", leadHours = 24 }: ScoreOptions = {},
): HTMLElement {
  const rows = data.worst.filter((row) => row.variable === variable && row.leadHours === leadHours);
  if (rows.length === 0) return html`<p class="empty">Nothing scored yet.</p>`;
  const zone = data.station.timeZone;
  return dataTable(`Worst misses ${leadHours} hours ahead`, rows, [
    textColumn(
      "Valid time",
      ({ validTime }) => `${dateName(validTime, zone)} ${clockTime(validTime, zone)} ${zoneName(validTime, zone)}`,
    ),
    numberColumn(`Forecast, °${unit}`, ({ forecastC }) => formatTemperature(forecastC, unit)),
    numberColumn("95 % interval", ({ p025, p975 }) =>
      p025 === null ? "–" : `${formatTemperature(p025, unit)} to ${formatTemperature(p975, unit)}`,
    ),
    numberColumn(`Observed, °${unit}`, ({ observedC }) => formatTemperature(observedC, unit)),
    numberColumn(`Error, °${unit}`, ({ forecastC, observedC }) =>
      formatSigned(differenceInUnit(forecastC - observedC, unit), 1),
    ),
  ]);
}
