import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Status } from "../../shared/published/status.js";
import { minuteMs } from "../../shared/time.js";
import { onReturn, tick } from "./clock.js";
import { apiAddress } from "./fetchApi.js";
import { html } from "./html.js";

/** What tells how new data are, of the page or of `/status.json`. */
export type Newness = Pick<StationSummary, "key" | "newestObservedTime" | "newestIssuedTime">;

/** Between two questions to the server; coming back to the tab, a reader need not wait for so long. */
const everyMs = 5 * minuteMs;
const afterReturnMs = minuteMs;

/**
 * A line that stays empty until newer data than the page shows are published, and then offers to load them. It asks
 * `/status.json` every few minutes while the tab is in sight, and says nothing of a server that can't be reached.
 * @param shown stations as the page shows them, or the newest of all observations, epoch milliseconds, null for none
 */
export function newerData(shown: readonly Newness[] | number | null): HTMLElement {
  const line = html`<p class="newer" role="status"></p>`;
  const isOfAll = shown === null || typeof shown === "number";
  const byKey = new Map(isOfAll ? [] : shown.map((station) => [station.key, newestOf(station)] as const));
  const known = (key: string) => (isOfAll ? shown : byKey.get(key)) ?? 0;
  let askedAt: number | null = null;
  const ask = async (now: number, patienceMs: number) => {
    askedAt ??= now; // the page itself is as new as its data
    if (document.visibilityState !== "visible" || !navigator.onLine || now - askedAt < patienceMs) return;
    askedAt = now;
    const status = await readStatus();
    const isNewer = status?.stations.some((station) => newestOf(station) > known(station.key));
    if (!isNewer || line.hasChildNodes()) return;
    const reload = html`<button type="button" onclick=${() => location.reload()}>reload</button>`;
    line.append("Newer data: ", reload);
  };
  onReturn(line, (now) => void ask(now, afterReturnMs));
  return tick(line, (now) => void ask(now, everyMs));
}

/** The newest of anything observed or issued, epoch milliseconds; 0 where nothing was. */
function newestOf({ newestObservedTime, newestIssuedTime }: Newness): number {
  return Math.max(newestObservedTime ?? 0, newestIssuedTime ?? 0);
}

/** Null where it can't be had just now. */
async function readStatus(): Promise<Status | null> {
  try {
    const response = await fetch(apiAddress("../status.json"), { cache: "no-cache" });
    return response.ok ? ((await response.json()) as Status) : null;
  } catch {
    return null; // offline, or the server is: the next question may be answered
  }
}
