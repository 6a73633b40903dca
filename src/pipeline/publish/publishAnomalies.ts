import { removedStations } from "../../data/stations/hiddenStations.js";
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
 * Fills the temporary table `networkAnomalies`: how unusual the weather is at the stations of the network at its newest hour,
 * those that `--network` named for a run included. It is empty when no network is configured and no model has one.
 * `models` must be filled.
 * @param now epoch milliseconds; later hours are not read
 */
export async function prepareAnomalies(
  store: Store,
  config: Pick<Config, "network" | "stations">,
  now: number,
): Promise<void> {
  const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  await store.run(`CREATE OR REPLACE TEMP TABLE networkAnomalies (${definitions.join(", ")})`);
  const through = await networkThrough(store);
  if (through === null || (config.network === null && !(await isUsed(store)))) return;
  const hour = Math.min(through, hourOf(now));
  const hours = (await liveNetwork(store, hour))!;
  if (hour < hours.firstHour) return;
  const anomalies = anomaliesBefore(hours);
  anomalies.step(hour, valuesAt(hours, hour));
  const removed = new Set(await removedStations(store, config));
  const left = await leavingTimes(store);
  const rows = hours.stations.flatMap(({ stationId }, station): Cell[][] => {
    const leftTime = left.get(stationId);
    if (removed.has(stationId) || (leftTime !== undefined && leftTime < hour * hourMs)) return [];
    const values = fields.map((field) => {
      const value = anomalies.values[station * fieldCount + field]! * fieldUnits[field];
      return Number.isNaN(value) ? null : Math.round(value * 100) / 100;
    });
    return leftTime !== undefined && values.every((value) => value === null)
      ? []
      : [[stationId, hour * hourMs, ...values]];
  });
  await store.append("networkAnomalies", Object.keys(columns), rows);
}

/** Whether the model of any station has learned from the network. */
async function isUsed(store: Pick<Store, "all">): Promise<boolean> {
  const [row] = await store.all<{ used: boolean }>("SELECT coalesce(bool_or(inNetwork), false) AS used FROM models");
  return row!.used;
}

/** When the stations that are no longer in the network left it, by their ids, epoch milliseconds. */
async function leavingTimes(store: Pick<Store, "all">): Promise<Map<string, number>> {
  const rows = await store.all<{ stationId: string; time: number }>(
    "SELECT stationId, epoch_ms(leftTime)::DOUBLE AS time FROM networkStations WHERE leftTime IS NOT NULL",
  );
  return new Map(rows.map(({ stationId, time }) => [stationId, time]));
}
