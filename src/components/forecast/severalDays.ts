import { drawsOf, quantilesByLead } from "../../model/draws/draws.js";
import { windowLengths } from "../../model/extremes/windows.js";
import { maxLeadHours } from "../../model/vocabulary.js";
import type { StationAnswer, StationForecast } from "../../shared/published/stationForecast.js";
import { html } from "../ui/html.js";
import { dayName, weekday } from "../ui/timeZone.js";
import {
  differenceInUnit,
  formatCount,
  formatDifference,
  formatNumber,
  formatPercent,
  formatTemperature,
  type TemperatureUnit,
} from "../ui/units.js";

const hoursOfNight = windowLengths[0]! + 1;

/**
 * Answers to questions over several hours as sentences: whether tomorrow is warmer than today, hours below freezing of nights
 * that are not half over and may freeze, means of the next days; and folded, how true such answers have been. Nights and
 * days are those of the station. Empty without answers, as of an older forecast.
 */
export function severalDays(
  { joint, issuedTime, station }: Pick<StationForecast, "joint" | "issuedTime" | "station">,
  { unit = "C" }: { unit?: TemperatureUnit } = {},
): HTMLElement {
  const answers = (joint?.answers ?? []).filter((answer) => isShown(answer, issuedTime!));
  if (answers.length === 0) return html`<div></div>`;
  const words = { unit, zone: station.timeZone, issuedTime: issuedTime! };
  const records = answers.flatMap((answer) => recordWords(answer, words) ?? []);
  const source =
    joint!.days > 0
      ? `They come from ${joint!.draws} draws: courses of the next three days that are equally likely. Each hour has the quantiles of the hourly forecast; from hour to hour the courses rise and fall within them as the temperature did within its forecasts on the last ${joint!.days} days.`
      : "Fewer than 30 days of forecasts are known yet. Until then, a course that is warm for the forecast at one hour is as warm for it at all hours.";
  return html`<section class="several-days" aria-label="Answers over several hours">
    <ul>${answers.map((answer) => html`<li>${sentence(answer, words)}</li>`)}</ul>
    <details><summary>How true such answers have been</summary>
      ${records.length > 0 ? html`<ul>${records.map((text) => html`<li>${text}</li>`)}</ul>` : html`<p>None has been scored yet.</p>`}
      <p class="muted">${source}</p>
    </details>
  </section>`;
}

/** Courses shown of the sixty. */
const coursesShown = 8;

/**
 * Some of the joint draws of the newest temperature forecast, by lead from 1 hour, °C, NaN beyond the longest lead; null
 * without draws.
 */
export function possibleCourses({
  joint,
  forecast,
}: Pick<StationForecast, "joint" | "forecast">): Float32Array[] | null {
  if (!joint) return null;
  const ranks = Uint8Array.from(atob(joint.ranks), (byte) => byte.charCodeAt(0));
  const draws = drawsOf({ ranks, count: joint.draws }, quantilesByLead(forecast.temperature));
  return Array.from({ length: coursesShown }, (_, i) => {
    const draw = Math.floor(((i + 0.5) * joint.draws) / coursesShown);
    return draws.subarray(draw * maxLeadHours, (draw + 1) * maxLeadHours);
  });
}

interface Words {
  unit: TemperatureUnit;
  zone: string;
  issuedTime: number;
}

function isShown({ question, startTime, endTime, upper }: StationAnswer, issuedTime: number): boolean {
  return question !== "freezingHours" || (upper > 0 && endTime - issuedTime > (endTime - startTime) / 2);
}

function sentence({ question, lower, median, upper, odds, ...window }: StationAnswer, words: Words): HTMLElement {
  const { unit } = words;
  if (question === "highChange") {
    const isWarmer = odds! >= 0.5;
    return html`<span>Tomorrow (${dayOf(window, words)}) is ${isWarmer ? "warmer" : "colder"} than today with odds of
      <strong>${formatPercent(isWarmer ? odds! : 1 - odds!)}</strong>: high ${changeWords(median, median, words, 1)} (80 %: ${changeWords(lower, upper, words, 0)}).</span>`;
  }
  if (question === "freezingHours") {
    const isWhole = lower === hoursOfNight;
    const hours = html`<strong>${isWhole ? `all ${hoursOfNight}` : median}</strong>`;
    return html`<span>Hours below freezing ${nightName(window, words)}: ${hours}${isWhole ? "" : ` of ${hoursOfNight} (80 %: ${lower} to ${upper})`}.</span>`;
  }
  const range = (celsius: number) => formatTemperature(celsius, unit, 0);
  return html`<span>Mean of ${dayOf(window, words)}: <strong>${range(median)} °${unit}</strong> (80 %: ${range(lower)} to ${range(upper)}).</span>`;
}

/** "2.1 °C higher", "5 to 1 lower", "5 lower to 1 higher": from one change to another. */
function changeWords(from: number, to: number, { unit }: Words, digits: number): string {
  const [a, b] = [from, to].map((change) => Number(differenceInUnit(change, unit).toFixed(digits))) as [number, number];
  const side = (change: number) => (change < 0 ? "lower" : "higher");
  const size = (change: number) => formatNumber(Math.abs(change), digits);
  if (from === to) return a === 0 ? "the same" : `${size(a)} °${unit} ${side(a)}`;
  return a < 0 === b < 0 ? `${size(a)} to ${size(b)} ${side(b)}` : `${size(a)} ${side(a)} to ${size(b)} ${side(b)}`;
}

/** How true answers like this one have been; null before the first was scored. */
function recordWords({ question, record, windowNumber, ...window }: StationAnswer, words: Words): string | null {
  if (!record) return null;
  const { n, crps, inside80, brier, commonBrier } = record;
  const inside = `${formatPercent(inside80)} of the observations fell into the 80 % range`;
  const scored = `n = ${formatCount(n)}`;
  if (question === "highChange") {
    const when = windowNumber === 0 ? "after 9 o’clock" : "before 9 o’clock";
    return `Warmer or colder, asked ${when}: such odds have had a Brier score of ${formatNumber(brier!, 3)} (a coin has 0.25, draws of one rank at all hours ${formatNumber(commonBrier!, 3)}); ${inside} (${scored}).`;
  }
  if (question === "freezingHours")
    return `Hours below freezing ${nightName(window, words)}: ${inside}, CRPS ${formatNumber(crps, 2)} h (${scored}).`;
  return `Mean of ${dayOf(window, words)}: ${inside}, CRPS ${formatDifference(crps, words.unit, 2)} °${words.unit} (${scored}).`;
}

type Window = Pick<StationAnswer, "startTime" | "endTime">;

function dayOf({ startTime, endTime }: Window, { zone }: Words): string {
  return dayName((startTime + endTime) / 2, zone);
}

/** "tonight", "on Thursday night" */
function nightName({ startTime }: Window, { zone, issuedTime }: Words): string {
  const isTonight = startTime <= issuedTime || dayName(startTime, zone) === dayName(issuedTime, zone);
  return isTonight ? "tonight" : `on ${weekday(startTime, zone)} night`;
}
