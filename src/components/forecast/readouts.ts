import type { StationForecast } from "../../shared/published/stationForecast.js";
import { dayMs } from "../../shared/time.js";
import { html } from "../ui/html.js";
import { clockTime, weekday } from "../ui/timeZone.js";
import { formatCount, formatDifference, formatTemperature, type TemperatureUnit } from "../ui/units.js";
import { conditionsLine } from "./conditionsLine.js";
import type { ForecastScore } from "./forecastScore.js";
import { newestObserved, nextExtremes } from "./issuedForecast.js";

/**
 * The newest values, the change since yesterday, the next low and high, the mean error of the forecasts, and on a line below
 * wind, cloud and pressure now.
 * @param score the score of an older forecast, which replaces the mean error
 */
export function readouts(
  data: StationForecast,
  {
    unit = "C",
    zone = data.station.timeZone,
    score,
  }: { unit?: TemperatureUnit; zone?: string; score?: ForecastScore | null } = {},
): HTMLElement {
  const temperature = newestObserved(data.observed, "temperature");
  const dewPoint = newestObserved(data.observed, "dewPoint");
  const yesterday =
    data.observed.find(({ validTime }) => validTime === (temperature?.time ?? Number.NaN) - dayMs)?.temperature ?? null;
  const change = temperature && yesterday !== null ? temperature.value - yesterday : null;
  const error = data.errors.find((row) => row.variable === "temperature" && row.leadHours === 24);
  const at = (time: number | undefined) =>
    time === undefined ? "not observed" : `${clockTime(time, zone)} ${weekday(time, zone)}`;
  const degrees = html`<small>°${unit}</small>`;
  return html`<div><dl class="readouts">
    ${readout("Temperature", html`<span>${formatTemperature(temperature?.value ?? null, unit)}${degrees}</span>`, at(temperature?.time), "main")}
    ${readout("Dew point", formatTemperature(dewPoint?.value ?? null, unit), at(dewPoint?.time))}
    ${readout("Since yesterday", signed(formatDifference(change, unit)), "same hour")}
    ${nextExtremes(data.forecast.temperature, data).map(({ kind, hour, valueC }) =>
      readout(kind === "low" ? "Next low" : "Next high", formatTemperature(valueC, unit, 0), at(hour.validTime)),
    )}
    ${
      score === undefined
        ? readout(
            "Mean error, 24 h ahead",
            error ? formatDifference(error.maeC, unit) : "–",
            error ? `n = ${formatCount(error.n)}` : "not yet scored",
          )
        : readout(
            "Mean error",
            formatDifference(score?.maeC ?? null, unit),
            score ? `${score.n} of ${data.forecast.temperature.length} h observed` : "not observed yet",
          )
    }
  </dl>${conditionsLine(data.conditions, { unit })}</div>`;
}

function readout(name: string, value: unknown, note: string, kind: string | null = null): HTMLElement {
  return html`<div class=${kind}><dt>${name}</dt><dd>${value}</dd><dd class="when">${note}</dd></div>`;
}

function signed(text: string): string {
  return /^\d/.test(text) && Number(text) !== 0 ? `+${text}` : text;
}
