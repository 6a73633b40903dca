import { greatest, mean } from "d3";
import type { Variable } from "../../model/vocabulary.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { html } from "../ui/html.js";
import { dateTimeName, fullTime, yearName } from "../ui/timeZone.js";
import { formatDifference } from "../ui/units.js";
import type { SentenceOptions } from "./forecastSentence.js";
import type { IssuedForecast } from "./issuedForecast.js";

/** The error of a forecast so far, and how often its 80 % interval contained the observation. */
export interface ForecastScore {
  /** Hours observed since. */
  n: number;
  maeC: number;
  /** Scored hours with an interval, and how many of them were observed inside it. */
  intervals: number;
  inside: number;
  worst: { validTime: number; errorC: number };
}

/** Scores the hours of a forecast with the observations of its station; null until one has been observed. */
export function scoreOf(
  { observed }: Pick<StationForecast, "observed">,
  forecast: Pick<IssuedForecast, "hours">,
  variable: Variable,
): ForecastScore | null {
  const values = new Map(observed.map((row) => [row.validTime, row[variable]]));
  const due = forecast.hours[variable].flatMap((row) => {
    const value = values.get(row.validTime) ?? null;
    return value === null ? [] : [{ ...row, value, errorC: row.valueC - value }];
  });
  if (due.length === 0) return null;
  const known = due.filter(({ p10, p90 }) => p10 !== null && p90 !== null);
  const { validTime, errorC } = greatest(due, (row) => Math.abs(row.errorC))!;
  return {
    n: due.length,
    maeC: mean(due, (row) => Math.abs(row.errorC))!,
    intervals: known.length,
    inside: known.filter(({ p10, p90, value }) => p10! <= value && value <= p90!).length,
    worst: { validTime, errorC },
  };
}

/** A sentence with the score of an older forecast, first how many of its hours fell into the 80 % range. */
export function scoreSentence(
  data: StationForecast,
  forecast: IssuedForecast,
  { unit, zone, variable }: SentenceOptions,
): HTMLElement {
  const score = scoreOf(data, forecast, variable);
  const isThisYear = yearName(forecast.issuedTime, zone) === yearName(data.asOf, zone);
  const issued = `Forecast issued ${isThisYear ? fullTime(forecast.issuedTime, zone) : dateTimeName(forecast.issuedTime, zone)}`;
  if (!score) return html`<p class="score-sentence">${issued}: none of its hours has been observed yet.</p>`;
  const { n, maeC, inside, intervals, worst } = score;
  const direction = worst.errorC > 0 ? "too high" : "too low";
  const within = html`<span><strong>${inside} of ${intervals} ${intervals === 1 ? "hour" : "hours"}</strong> fell into the 80 % range.</span>`;
  return html`<p class="score-sentence">${intervals > 0 ? within : ""} ${issued}: mean error
    <strong>${formatDifference(maeC, unit)} °${unit}</strong> over the ${n} ${n === 1 ? "hour" : "hours"} observed since; largest error
    ${formatDifference(Math.abs(worst.errorC), unit)} °${unit}, ${direction}, at ${fullTime(worst.validTime, zone)}.</p>`;
}
