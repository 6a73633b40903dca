import type { StationSummary } from "../../shared/published/stationSummary.js";
import { formatAge, isStale } from "./age.js";
import { tick } from "./clock.js";
import { html } from "./html.js";
import { fullTime } from "./timeZone.js";

/**
 * A lamp that tells how old a station's newest observation is, and keeps telling.
 * @param asOf where no clock runs, the time as of which it is stale: it then tells from when the observation is
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
