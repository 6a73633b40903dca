import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { hourMs } from "../../shared/time.js";
import { isoHour } from "../forecast/forecastInputs.js";
import { dataTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { stationAddress } from "../ui/station.js";
import { dateTimeName } from "../ui/timeZone.js";
import { differenceInUnit, formatSigned, formatTemperature } from "../ui/units.js";
import type { ScoreOptions } from "./scoresByModel.js";

/**
 * The forecasts with the largest errors: forecast, interval, observation and error. Each links to that forecast, as it was
 * issued.
 */
export function worstMissTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature", leadHours = 24 }: ScoreOptions = {},
): HTMLElement {
  const rows = data.worst.filter((row) => row.variable === variable && row.leadHours === leadHours);
  if (rows.length === 0) return html`<p class="empty">Nothing scored yet.</p>`;
  const zone = data.station.timeZone;
  return dataTable(`Worst misses ${leadHours} hours ahead`, rows, [
    textColumn("Valid time", ({ validTime }) => {
      const parameters = new URLSearchParams({ issued: isoHour(validTime - leadHours * hourMs), variable, unit });
      const address = `${stationAddress(data.station.key)}?${parameters}`;
      return html`<a href=${address} data-station=${data.station.key}>${dateTimeName(validTime, zone)}</a>`;
    }),
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
