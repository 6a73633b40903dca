import type { Config } from "../../shared/config.js";
import { hourMs } from "../../shared/time.js";
import type { CiSettings } from "./ciSettings.js";
import { findSite, type ServedStatus, servedStatus, withHttp } from "./servedSite.js";

/** A report overdue for longer is not waited for. */
const silentAfterHours = 6;

/**
 * Whether an hour's work remains to be done: unless the site was published in this hour, with a forecast from the newest
 * report of every station, and none that still reports is due to report by this hour. A run that somebody asked for always is.
 */
export async function isDue(settings: CiSettings, config: Config, { now }: { now: number }): Promise<boolean> {
  if (settings.event !== "schedule") return true;
  // A run too many does no harm; one too few leaves the hour undone.
  const site = await findSite(settings).catch(() => null);
  const status = site && (await withHttp((http) => servedStatus(http, site.url, `?at=${now}`)));
  return status === null || !isDone(status, config, now);
}

/** Whether the hour under way is done, by what the site says. */
export function isDone({ asOf, stations }: ServedStatus, config: Pick<Config, "stations">, now: number): boolean {
  const hour = Math.floor(now / hourMs) * hourMs;
  if (asOf < hour || asOf > now) return false;
  const keys = new Set(stations.map(({ key }) => key));
  // A station just added to the configuration has not been there yet.
  if (config.stations.some(({ id, icao }) => !keys.has(id) && !(icao && keys.has(icao)))) return false;
  return stations.every(({ newestObservedTime: observed, newestIssuedTime: issued, dueTime }) => {
    if (observed === null) return true;
    const due = dueTime ?? observed + hourMs;
    if (due <= hour - silentAfterHours * hourMs) return true;
    return due > hour && (issued ?? 0) >= observed;
  });
}
