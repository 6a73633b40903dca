import type { Variable } from "../../model/vocabulary.js";
import type { StationExtreme } from "../../shared/published/extremeTables.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { dayMs } from "../../shared/time.js";
import { html } from "../ui/html.js";
import { clockTime, dayName, weekday, yearName, zoneName } from "../ui/timeZone.js";
import { formatPercent, formatTemperature, type TemperatureUnit } from "../ui/units.js";
import { newestObserved, nextExtremes } from "./issuedForecast.js";

export interface SentenceOptions {
  unit: TemperatureUnit;
  /** IANA zone. */
  zone: string;
  variable: Variable;
  /** Whether the forecast is in the past; dates then include the year. */
  isPast?: boolean;
}

/**
 * A sentence with the newest observation, the next low and high with their 80 % intervals and the odds of frost or heat, and the
 * time of the forecast. A forecast without lows and highs of its own, as an older one, names the extremes of its hourly medians.
 */
export function forecastSentence(
  data: StationForecast,
  { unit, zone, variable, isPast = false }: SentenceOptions,
): HTMLElement {
  const { issuedTime, station } = data;
  const newest = newestObserved(data.observed, variable);
  if (!newest) {
    const what = variable === "dewPoint" && newestObserved(data.observed, "temperature") ? "No dew point" : "Nothing";
    return html`<p class="lead">${what} has been observed here yet, so ${what === "Nothing" ? "nothing" : "none"} is forecast.</p>`;
  }
  const value = (celsius: number, digits: number) =>
    html`<strong class="value">${formatTemperature(celsius, unit, digits)} °${unit}</strong>`;
  const quantity = variable === "temperature" ? "" : "The dew point was ";
  const now = html`<span>${quantity}${value(newest.value, 1)} at ${isPast ? pastMoment(newest.time, zone) : moment(newest.time, zone)}.</span>`;
  if (issuedTime === null) return html`<p class="lead">${now} No forecast has been issued.</p>`;
  const range = (celsius: number) => formatTemperature(celsius, unit, 0);
  const extremes =
    variable === "temperature" ? nextExtremes(data.forecast.temperature, data) : nextExtremes(data.forecast[variable]);
  const expected = extremes.map(({ kind, hour, valueC, window }, i) => {
    if (!window)
      return html`<span>${i > 0 ? " and" : isPast ? "Forecast then:" : "Expect"} a ${kind} of around ${value(valueC, 0)} at
        ${clockTime(hour.validTime, zone)} ${weekday(hour.validTime, zone)}</span>`;
    const name = extremeName(window, issuedTime, zone);
    return html`<span>${i > 0 ? `; ${lowerCase(name)}` : name} ${value(valueC, 0)} (80 %: ${range(window.p10)} to ${range(window.p90)})${oddsWords(window, unit)}</span>`;
  });
  const through = station.newestObservedTime;
  const source = through === null ? "" : `, from observations up to ${moment(through, zone, issuedTime)}`;
  return html`<p class="lead">${now} ${expected}. <span class="muted issued">Issued ${isPast ? pastMoment(issuedTime, zone) : moment(issuedTime, zone)}${source}.</span></p>`;
}

/** Smaller odds are not mentioned. */
const leastOdds = 0.05;

/**
 * ", frost 12 %" or ", heat (33 °C or more) 12 %": the odds of frost in a night or of heat on a day; empty where they are small
 * or there are none.
 */
export function oddsWords(
  { kind, frost, heat, heatC }: Pick<StationExtreme, "kind" | "frost" | "heat" | "heatC">,
  unit: TemperatureUnit,
): string {
  const odds = kind === "low" ? frost : heat;
  if (odds === null || odds < leastOdds) return "";
  const threshold = formatTemperature(heatC, unit, 1).replace(".0", "");
  const event = kind === "low" ? "frost" : `heat (${threshold} °${unit} or more)`;
  // Nothing is certain before it has been observed.
  return `, ${event} ${formatPercent(odds < 1 ? Math.min(odds, 0.99) : 1)}`;
}

/** "Tonight’s low", "Tomorrow’s high", "Thursday’s high" */
export function extremeName({ kind, startTime, endTime }: StationExtreme, issuedTime: number, zone: string): string {
  const day = (time: number) => dayName(time, zone);
  if (kind === "low") {
    const isTonight = startTime <= issuedTime || day(startTime) === day(issuedTime);
    return isTonight ? "Tonight’s low" : `${weekday(startTime, zone)} night’s low`;
  }
  if (day(endTime) === day(issuedTime)) return "Today’s high";
  return day(endTime) === day(issuedTime + dayMs) ? "Tomorrow’s high" : `${weekday(endTime, zone)}’s high`;
}

export function lowerCase(text: string): string {
  return /^(To)/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}

/** "14:00 EDT on Mon 9 Mar 2026" */
function pastMoment(time: number, zone: string): string {
  return `${moment(time, zone)} ${yearName(time, zone)}`;
}

/** "14:00 EDT on Mon 9 Mar", without the day if `other` is on the same day. */
function moment(time: number, zone: string, other?: number): string {
  const clock = `${clockTime(time, zone)} ${zoneName(time, zone)}`;
  const day = dayName(time, zone);
  return other !== undefined && dayName(other, zone) === day ? clock : `${clock} on ${day}`;
}
