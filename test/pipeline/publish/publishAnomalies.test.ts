import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lendOnce } from "../../../src/data/stations/networkStations.js";
import { publish } from "../../../src/pipeline/publish/publish.js";
import { addToNetwork, extendNetwork } from "../../../src/pipeline/train/network.js";
import type { NetworkNow } from "../../../src/shared/published/networkNow.js";
import { AnomalyRow } from "../../../src/shared/published/observationTables.js";
import type { StationMap } from "../../../src/shared/published/stationMap.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";
import { at, configOf, storeHours } from "../../support/training.js";

const open = useTemporaryStore();

const [shown, lender, silent, left] = ["USW00000001", "USW00000002", "USW00000003", "USW00000004"];
/** Named by `--network` in the newest run. */
const once = "USW00000005";
const lastHour = 60;
/** The same day again and again, until the last hour is warmer and its pressure lower. */
const row = (hour: number, change: number) => [
  hour === lastHour ? 10 + change : 10,
  2,
  hour === lastHour ? 1007 : 1010,
  5,
  270,
  Number.NaN,
];

async function stored({ network }: { network: [] | null }) {
  const { store, home } = open;
  for (const [i, stationId] of [shown, lender, silent, left, once].entries()) {
    const place = { latitude: 40, longitude: -90 + 3 * i, elevationM: null, timeZone: "UTC" };
    await store.insert("stations", [{ stationId, icao: null, name: stationId, ...place }]);
    const hours = stationId === silent ? 40 : lastHour + 1;
    await storeHours(
      store,
      stationId,
      Array.from({ length: hours }, (_, hour) => row(hour, 4 * i)),
    );
  }
  const lends = [lender, silent, left].map((stationId) => {
    return { stationId, addedTime: at(0), leftTime: stationId === left ? at(50) : null };
  });
  await store.insert("networkStations", lends);
  const station = {
    stationId: once,
    icao: null,
    name: once,
    latitude: 40,
    longitude: -78,
    elevationM: null,
    isdId: null,
  };
  for (const hour of [50, lastHour]) await lendOnce(store, [station], at(hour));
  await addToNetwork(store, [shown, lender, silent, left, once]);
  await extendNetwork(store, lastHour + at(0) / 3_600_000);
  const publishAt = (hour: number) =>
    publish(
      store,
      { ...configOf(home, ["persistence"]), network },
      { clock: { now: () => at(hour), replaying: true } },
    );
  const read = <T>(name: string) => JSON.parse(readFileSync(join(home, "published", "api", name), "utf8")) as T;
  return { publishAt, read };
}

test("the network is published with how unusual the weather of its members is now", async () => {
  const { publishAt, read } = await stored({ network: [] });
  await publishAt(lastHour);
  const { time, stations } = read<NetworkNow>("anomalies.json");
  expect([time, stations.map(({ stationId }) => stationId)]).toEqual([at(lastHour), [shown, lender, silent, once]]);
  expect(stations[1]).toMatchObject({
    temperatureC: 14,
    temperatureAnomalyC: 4,
    dewPointAnomalyC: 0,
    pressureAnomalyHpa: -3,
    pressureChangeHpa: -3,
    windSpeedMs: 5,
    windDirectionDeg: 270,
  });
  for (const station of stations) AnomalyRow.strict().parse({ ...station, validTime: time });
  expect(stations[2]).toMatchObject({ temperatureC: null, temperatureAnomalyC: null, pressureAnomalyHpa: null });
  // Only the configured station is shown otherwise, but the map has all.
  expect(read<{ stationId: string }[]>("stations.json").map(({ stationId }) => stationId)).toEqual([shown]);
  const map = read<StationMap>("map.json");
  expect(map.network!.map(({ stationId }) => stationId)).toEqual([shown, lender, silent, once]);
  // At an earlier clock, later hours are not read; the places are the same, so the map is.
  await publishAt(lastHour - 1);
  expect(read<NetworkNow>("anomalies.json").stations[1]).toMatchObject({ temperatureC: 10, temperatureAnomalyC: 0 });
  expect(read<StationMap>("map.json")).toEqual(map);
});

test("without a network there is nothing of it, also when its hours are stored", async () => {
  const { publishAt, read } = await stored({ network: null });
  await publishAt(lastHour);
  expect(read<NetworkNow>("anomalies.json")).toEqual({ schemaVersion: 1, time: null, stations: [] });
  expect(read<StationMap>("map.json").network).toBeUndefined();
});
