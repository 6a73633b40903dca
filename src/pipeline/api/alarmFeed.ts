import type { AlarmRow } from "../../shared/published/scoreTables.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Published } from "./openPublished.js";

/** Most alarms in the feed. */
const length = 100;

/**
 * `/feed.json`, a JSON Feed 1.1 of the drift alarms, newest first: hours at which a station's forecasts, one hour or a
 * day ahead, were found to be shifted to one side.
 */
export async function alarmFeed({ query, manifest }: Published, stations: readonly StationSummary[]) {
  const alarms = await query<AlarmRow>(`SELECT * FROM alarms ORDER BY time DESC, stationId, variable LIMIT ${length}`);
  const byId = new Map(stations.map((station) => [station.stationId, station]));
  const simulated = manifest.simulated ? "Simulated weather. " : "";
  return {
    version: "https://jsonfeed.org/version/1.1",
    title: "isotherm: alarms",
    description: "Hours at which a station's forecasts one hour or a day ahead were found to be shifted to one side.",
    language: "en",
    items: alarms.map(({ stationId, variable, time, side }) => {
      const { key, name } = byId.get(stationId)!;
      const quantity = variable === "temperature" ? "temperature" : "dew point";
      const when = new Date(time).toISOString();
      return {
        id: `urn:isotherm:alarm:${stationId}:${variable}:${when}`,
        title: `${key}: ${quantity} ${side}`,
        content_text: `${simulated}At ${name} (${key}) the ${quantity} forecasts one hour or a day ahead were found to be shifted: ${side}.`,
        date_published: when,
        tags: [key, variable],
      };
    }),
  };
}
