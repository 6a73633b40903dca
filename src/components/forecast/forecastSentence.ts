import type { Variable } from "../../model/vocabulary.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { html } from "../ui/html.js";
import { clockTime, dayName, weekday, yearName, zoneName } from "../ui/timeZone.js";
import { formatTemperature, type TemperatureUnit } from "../ui/units.js";
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
 * A sentence with the newest observation, the next low and high, and the time of the forecast. Lows and highs have no
 * interval, because intervals are for single hours.
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
    html`<strong>${formatTemperature(celsius, unit, digits)} °${unit}</strong>`;
  const quantity = variable === "temperature" ? "" : "The dew point was ";
  const now = html`<span>${quantity}${value(newest.value, 1)} at ${isPast ? pastMoment(newest.time, zone) : moment(newest.time, zone)}.</span>`;
  if (issuedTime === null) return html`<p class="lead">${now} No forecast has been issued.</p>`;
  const expected = nextExtremes(data.forecast[variable]).map(
    ({ kind, hour }, i) =>
      html`<span>${i > 0 ? " and" : isPast ? "Forecast then:" : "Expect"} a ${kind} of around ${value(hour.valueC, 0)} at
        ${clockTime(hour.validTime, zone)} ${weekday(hour.validTime, zone)}</span>`,
  );
  const through = station.newestObservedTime;
  const source = through === null ? "" : `, from observations up to ${moment(through, zone, issuedTime)}`;
  return html`<p class="lead">${now} ${expected}. <span class="muted">Issued ${isPast ? pastMoment(issuedTime, zone) : moment(issuedTime, zone)}${source}.</span></p>`;
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
