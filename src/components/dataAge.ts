import type { StationSummary } from "../data/stations.js";
import { formatAge, isStale } from "./age.js";
import { tick } from "./clock.js";
import { html } from "./html.js";
import { fullTime } from "./timeZone.js";

/** A lamp that tells how old a station's newest observation is, and keeps telling; or from when it is, where no clock runs. */
export function dataAge(
  { newestObservedTime: newest }: Pick<StationSummary, "newestObservedTime">,
  { zone, live = true }: { zone: string; live?: boolean },
): HTMLElement {
  if (newest === null) return html`<span class="lamp off">none yet</span>`;
  const lamp = html`<span class="lamp" title=${fullTime(newest, zone)}>${fullTime(newest, zone)}</span>`;
  if (!live) return lamp;
  return tick(lamp, (now) => {
    lamp.className = isStale(newest, now) ? "lamp stale" : "lamp";
    lamp.textContent = `${formatAge(now - newest)} old`;
  });
}
