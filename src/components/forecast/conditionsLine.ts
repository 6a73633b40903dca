import type { StationConditions } from "../../shared/published/stationForecast.js";
import { html, svg } from "../ui/html.js";
import { formatNumber, formatSigned, type TemperatureUnit } from "../ui/units.js";
import { calmMs, directionName, formatWindSpeed, windUnit } from "../ui/wind.js";

/** Smaller changes of pressure in three hours count as steady, hPa. */
const steadyHpa = 0.5;

/** Wind, cloud and pressure now on one line, without what is missing; empty where nothing is known. */
export function conditionsLine(
  conditions: StationConditions | null,
  { unit = "C" }: { unit?: TemperatureUnit } = {},
): HTMLElement | string {
  const parts = conditions === null ? [] : [wind(conditions, unit), sky(conditions), pressure(conditions)];
  return parts.some((part) => part !== null) ? html`<p class="conditions">${parts}</p>` : "";
}

function wind({ windSpeedMs, windDirectionDeg }: StationConditions, unit: TemperatureUnit): HTMLElement | null {
  if (windSpeedMs === null) return null;
  if (windSpeedMs < calmMs) return html`<span>Wind <b>calm</b></span>`;
  const speed = `${formatWindSpeed(windSpeedMs, unit)} ${windUnit(unit)}`;
  if (windDirectionDeg === null) return html`<span>Wind <b>${speed}</b></span>`;
  const arrow = svg`<svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
    <path d="M0,5V-5M-3.5,-1L0,-5L3.5,-1" transform=${`rotate(${windDirectionDeg + 180})`}></path></svg>`;
  return html`<span>Wind ${arrow} <b>${speed}</b> from the ${directionName(windDirectionDeg)}</span>`;
}

/** The words of aviation reports, by the least number of oktas. */
const skies = [
  [8, "overcast"],
  [5, "broken clouds"],
  [3, "scattered clouds"],
  [1, "few clouds"],
  [0, "clear"],
] as const;

function sky({ cloudCoverOktas }: StationConditions): HTMLElement | null {
  if (cloudCoverOktas === null) return null;
  const [, words] = skies.find(([least]) => Math.round(cloudCoverOktas) >= least)!;
  return html`<span>Sky <b>${words}</b></span>`;
}

function pressure({ seaLevelPressureHpa, pressureChangeHpa }: StationConditions): HTMLElement | null {
  if (seaLevelPressureHpa === null) return null;
  const tendency =
    pressureChangeHpa === null
      ? ""
      : Math.abs(pressureChangeHpa) < steadyHpa
        ? ", steady"
        : `, ${pressureChangeHpa > 0 ? "rising" : "falling"} (${formatSigned(pressureChangeHpa, 1)} in 3 h)`;
  return html`<span>Pressure <b>${formatNumber(seaLevelPressureHpa, 0)} hPa</b>${tendency}</span>`;
}
