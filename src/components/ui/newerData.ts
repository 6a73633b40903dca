import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Status } from "../../shared/published/status.js";
import { minuteMs } from "../../shared/time.js";
import { onReturn, tick } from "./clock.js";
import { siteAddress } from "./fetchApi.js";
import { html } from "./html.js";

type StationTimes = Pick<StationSummary, "key" | "newestObservedTime" | "newestIssuedTime">;

/** Least time between two requests, and between two when the reader returns to the tab. */
const intervalMs = 5 * minuteMs;
const returnIntervalMs = minuteMs;

/**
 * A line that offers to reload the page when newer data are published; empty until then. It requests `/status.json`
 * every few minutes while the tab is visible, and ignores failures.
 * @param shown the stations as shown on the page, or the time of the newest data of all, epoch milliseconds
 */
export function newerData(shown: readonly StationTimes[] | number | null): HTMLElement {
  const line = html`<p class="newer" role="status"></p>`;
  const times = Array.isArray(shown)
    ? new Map(shown.map((station: StationTimes) => [station.key, newestTime(station)]))
    : null;
  const shownTime = (key: string) => (times ? times.get(key) : (shown as number | null)) ?? 0;
  let requestedAt: number | null = null;
  const check = async (now: number, leastInterval: number) => {
    requestedAt ??= now; // the page is as new as its data
    if (document.visibilityState !== "visible" || !navigator.onLine || now - requestedAt < leastInterval) return;
    requestedAt = now;
    const status = await readStatus();
    const isNewer = status?.stations.some((station) => newestTime(station) > shownTime(station.key));
    if (!isNewer || line.hasChildNodes()) return;
    line.append("Newer data: ", html`<button type="button" onclick=${() => location.reload()}>reload</button>`);
  };
  onReturn(line, (now) => void check(now, returnIntervalMs));
  return tick(line, (now) => void check(now, intervalMs));
}

/** Time of the newest observation or forecast, epoch milliseconds; 0 if there is none. */
function newestTime({ newestObservedTime, newestIssuedTime }: StationTimes): number {
  return Math.max(newestObservedTime ?? 0, newestIssuedTime ?? 0);
}

/** Null if the server cannot be reached. */
async function readStatus(): Promise<Status | null> {
  try {
    const response = await fetch(siteAddress("status.json"), { cache: "no-cache" });
    return response.ok ? ((await response.json()) as Status) : null;
  } catch {
    return null;
  }
}
