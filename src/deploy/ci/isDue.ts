import type { Config } from "../../shared/config.js";
import { hourMs } from "../../shared/time.js";
import type { CiSettings } from "./ciSettings.js";
import { findSite, type ServedStatus, type Site, servedStatus } from "./servedSite.js";

/** A report that is overdue for longer no longer counts as due. */
const silentAfterHours = 6;

export interface Due {
  /**
   * False if the site was published in this hour with a forecast from each station's newest report, and no station has
   * another report due. A run started by hand is always due.
   */
  due: boolean;
  /** The site and its status, if it is served; an unnecessary run does no harm, a missing one leaves the hour unpublished. */
  site: Site | null;
  status: ServedStatus | null;
}

/** Checks whether this hour still needs a run. */
export async function checkDue(settings: CiSettings, config: Config, { now }: { now: number }): Promise<Due> {
  const site = await findSite(settings).catch(() => null);
  const status = site && (await servedStatus(site.url, `?at=${now}`));
  return { due: settings.event !== "schedule" || status === null || !isDone(status, config, now), site, status };
}

/** Whether the served site is complete for the current hour. */
export function isDone({ asOf, stations }: ServedStatus, config: Pick<Config, "stations">, now: number): boolean {
  const hour = Math.floor(now / hourMs) * hourMs;
  if (asOf < hour || asOf > now) return false;
  const keys = new Set(stations.map(({ key }) => key));
  // A station that was just added to the configuration is not on the site yet.
  if (config.stations.some(({ id, icao }) => !keys.has(id) && !(icao && keys.has(icao)))) return false;
  return stations.every(({ newestObservedTime: observed, newestIssuedTime: issued, dueTime }) => {
    if (observed === null) return true;
    const due = dueTime ?? observed + hourMs;
    if (due <= hour - silentAfterHours * hourMs) return true;
    return due > hour && (issued ?? 0) >= observed;
  });
}
