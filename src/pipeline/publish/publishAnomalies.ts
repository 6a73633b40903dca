import { lendingStations, removedStations } from "../../data/stations/hiddenStations.js";
import type { Cell, Store } from "../../data/store/store.js";
import { hourOf } from "../../model/calendar.js";
import { fieldCount, fieldUnits } from "../../model/network/anomalies.js";
import { anomaliesBefore, valuesAt } from "../../model/network/networkReplay.js";
import type { Config } from "../../shared/config.js";
import { hourMs } from "../../shared/time.js";
import { liveNetwork, networkThrough } from "../train/network.js";

const columns = {
  stationId: "VARCHAR",
  validTime: "TIMESTAMP",
  temperatureAnomalyC: "DOUBLE",
  dewPointAnomalyC: "DOUBLE",
  pressureAnomalyHpa: "DOUBLE",
  pressureChangeHpa: "DOUBLE",
} as const;
/** The field that each column shows. */
const fields = [0, 2, 3, 4] as const;

/**
 * Fills the temporary table `networkAnomalies`: how unusual the weather is at the stations of the network at its newest hour.
 * It is empty without a network.
 * @param now epoch milliseconds; later hours are not read
 */
export async function prepareAnomalies(
  store: Store,
  config: Pick<Config, "network" | "stations">,
  now: number,
): Promise<void> {
  const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  await store.run(`CREATE OR REPLACE TEMP TABLE networkAnomalies (${definitions.join(", ")})`);
  const through = config.network === null ? null : await networkThrough(store);
  if (through === null) return;
  const hour = Math.min(through, hourOf(now));
  const hours = (await liveNetwork(store, hour))!;
  if (hour < hours.firstHour) return;
  const anomalies = anomaliesBefore(hours);
  anomalies.step(hour, valuesAt(hours, hour));
  const left = new Set([...(await removedStations(store, config)), ...(await lendingStations(store, { left: true }))]);
  const rows = hours.stations.flatMap(({ stationId }, station): Cell[][] => {
    if (left.has(stationId)) return [];
    const values = fields.map((field) => {
      const value = anomalies.values[station * fieldCount + field]! * fieldUnits[field];
      return Number.isNaN(value) ? null : Math.round(value * 100) / 100;
    });
    return [[stationId, hour * hourMs, ...values]];
  });
  await store.append("networkAnomalies", Object.keys(columns), rows);
}
