import { openStore, timestamp } from "../../src/data/store/store.js";
import { publish } from "../../src/pipeline/publish/publish.js";
import { withHelpers } from "../model/support/series.js";
import { at, configOf, history, storeGuidance, storeHours, trainTo } from "./training.js";

/** A station of a state folder that was trained. */
export interface TrainedPlace {
  stationId: string;
  icao: string;
  /** Whether its model saw guidance, and a network. */
  guidance: boolean;
}

/** One that the weather service forecasts for and that is in a network, and one that is on its own. */
export const trainedPlaces: TrainedPlace[] = [
  { stationId: "USW00013874", icao: "KATL", guidance: true },
  { stationId: "INI0000VABB", icao: "VABB", guidance: false },
];

/** A station that only lends its observations. */
const lender = "USW00003017";

/**
 * Trains stations on synthetic weather in a state folder, as runs would whose stops are in the middle of it, and publishes
 * what came of it: unlike the fixture's, its snapshots are those of the hours it holds.
 * @param hours how many, from the genesis of `configOf` on
 */
export async function writeTrainedHome(home: string, { hours = 480 } = {}): Promise<void> {
  const store = await openStore(home);
  try {
    for (const [seed, { stationId, icao, guidance }] of trainedPlaces.entries()) {
      const rows = withHelpers(history(hours, 40 + seed), 50 + seed);
      await storeHours(store, stationId, rows);
      await store.run("INSERT INTO stations VALUES ($stationId, $icao, $icao, 33.6, -84.4, NULL, 'UTC')", {
        stationId,
        icao,
      });
      if (!guidance) continue;
      // Every few hours, as they change; and none for two days, after which the newest is none of now.
      const issued = Array.from({ length: hours }, (_, hour) => hour).filter(
        (hour) => hour > 30 && hour % 7 < 2 && !(hour > 300 && hour < 350),
      );
      for (const hour of issued) {
        const celsius = (lead: number) => (rows[hour + lead]?.[0] || 9) + 1 + Math.sin(hour / 5 + (lead - 1) / 9);
        await storeGuidance(store, stationId, hour, 96, celsius);
        // The other source comes later.
        if (hour > 350) await storeGuidance(store, stationId, hour, 96, (lead) => celsius(lead) - 2, { source: "nbm" });
      }
    }
    await storeHours(store, lender, history(hours, 60));
    await store.run("INSERT INTO stations VALUES ($lender, NULL, $lender, 35, -90, NULL, 'UTC')", { lender });
    await store.run("INSERT INTO networkStations VALUES ($lender, $now, NULL)", { lender, now: timestamp(at(hours)) });
    const ids = trainedPlaces.map(({ stationId }) => stationId);
    const members = [lender, ...trainedPlaces.filter(({ guidance }) => guidance).map(({ stationId }) => stationId)];
    await trainTo(store, home, ids, hours - 101, { members });
    await trainTo(store, home, ids, hours - 1, { members });
    await publish(store, { ...configOf(home), network: [] }, { clock: { now: () => at(hours - 1), replaying: true } });
  } finally {
    store.close();
  }
}
