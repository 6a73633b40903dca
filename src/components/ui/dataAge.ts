import type { StationSummary } from "../../shared/published/stationSummary.js";
import { hourMs, minuteMs } from "../../shared/time.js";
import { pastTime, tick } from "./clock.js";
import { html } from "./html.js";
import { fullTime } from "./timeZone.js";

/** Data are stale if a report is overdue by more than this: three hours old at a station that reports every hour. */
export const staleAfterHours = 2;

/** Whether a station's next report is overdue. False without observations and on a site built with `--as-of`. */
export function isStale({ dueTime }: Pick<StationSummary, "dueTime">, now: number): boolean {
  return pastTime() === null && dueTime !== null && now - dueTime > staleAfterHours * hourMs;
}

/** "12 min", "5 h", "3 days" or "6.2 years". */
export function formatAge(milliseconds: number): string {
  const minutes = Math.max(0, milliseconds) / minuteMs;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  const days = minutes / 1440;
  return days < 730 ? `${Math.round(days)} days` : `${(days / 365.25).toFixed(1)} years`;
}

/**
 * A lamp with the age of a station's newest observation, updated every minute.
 * @param asOf the current time where no clock runs; the lamp then shows the time of the observation instead of its age
 */
export function dataAge(
  station: Pick<StationSummary, "newestObservedTime" | "dueTime">,
  { zone, asOf }: { zone: string; asOf?: number },
): HTMLElement {
  const { newestObservedTime: newest } = station;
  if (newest === null) return html`<span class="lamp off">none yet</span>`;
  const lamp = html`<span class="lamp" title=${fullTime(newest, zone)}>${fullTime(newest, zone)}</span>`;
  const light = (now: number) => {
    lamp.className = isStale(station, now) ? "lamp stale" : "lamp";
  };
  if (asOf !== undefined) {
    light(asOf);
    return lamp;
  }
  return tick(lamp, (now) => {
    light(now);
    lamp.textContent = `${formatAge(now - newest)} old`;
  });
}
