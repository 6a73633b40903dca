import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../src/data/store/store.js";
import { hourMs } from "../../src/shared/time.js";
import { fetchAt, fetchLive, liveConfig } from "../support/liveRun.js";
import { realStation } from "../support/realStation.js";
import { type ReplayNoaa, startReplay } from "../support/replayNoaa.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { useTemporaryStore } from "../support/temporaryStore.js";

const archive = process.env.ISOTHERM_ARCHIVE;
const genesis = Date.UTC(2019, 0, 1);
/** One is stamped on the hour and has pressure, wind and sky; the other is not, and was whole degrees Fahrenheit. */
const places = { KORD: "USW00094846", KBNA: "USW00013897" };
const icaos = Object.keys(places);

/** What NOAA has observed, as its services would have answered hour after hour, where ISOTHERM_ARCHIVE names the folder. */
describe.skipIf(!archive)("real weather, live (ISOTHERM_ARCHIVE)", () => {
  const temporary = useTemporaryStore();
  let noaa: ReplayNoaa;
  beforeEach(async () => {
    const stations = Object.entries(places).map(([icao, id]) => realStation(archive!, id, icao, 2019));
    noaa = await startReplay(stations, genesis);
  });
  afterEach(() => noaa.close());

  it("ends as the archive has it, and what was first seen was right", { timeout: 120_000 }, async () => {
    const config = liveConfig(temporary.home, noaa);
    const [first, last] = [60.15, 96.15];
    for (let hour = first; hour <= last; hour += 4) {
      const now = genesis + hour * hourMs;
      expect(await fetchAt(temporary.store, config, noaa, { genesis, now, icaos })).toMatchObject({ failures: [] });
    }
    const rejected = await temporary.store.all("SELECT * FROM quarantine WHERE severity = 'error'");
    expect(rejected).toEqual([]);
    const seen = await temporary.store.all<{ source: string; n: number; corrected: number }>(
      `SELECT firstSource AS source, count(*) AS n, count(*) FILTER (corrections > 0) AS corrected
       FROM hours WHERE variable IN ('temperature', 'dewPoint') GROUP BY ALL ORDER BY ALL`,
    );
    expect(seen).toMatchObject([
      { source: "awc", corrected: 0 },
      { source: "ghcnh", corrected: 0 },
    ]);
    // Temperature and dew point of both places, from before the first run on.
    expect(seen[0]!.n).toBeGreaterThan(2 * 2 * (last - first));

    // As if all had been there from the start.
    const home = await temporaryFolder();
    const straight = await openStore(home);
    const hoursOf = (store: Store) =>
      store.all<{ key: string; variable: string; value: number }>(
        `SELECT concat_ws(' ', stationId, validTime, variable) AS key, variable, value FROM hours
         WHERE variable NOT LIKE 'wind%' AND epoch_ms(validTime) <= ${genesis + Math.floor(last) * hourMs} ORDER BY key`,
      );
    try {
      const sources = { ghcnh: [archive!], awc: [home], nws: [home] };
      const now = genesis + last * hourMs;
      await fetchLive(straight, liveConfig(home, noaa, sources), { genesis, now, icaos, replaying: true });
      const [live, all] = [await hoursOf(temporary.store), await hoursOf(straight)];
      expect(live.map(({ key }) => key)).toEqual(all.map(({ key }) => key));
      const apart = { temperature: 0, dewPoint: 0, seaLevelPressure: 0, cloudCover: 0 } as Record<string, number>;
      for (const [i, { variable, value }] of all.entries()) {
        apart[variable] = Math.max(apart[variable]!, Math.abs(live[i]!.value - value));
      }
      expect(apart).toMatchObject({ temperature: 0, dewPoint: 0, seaLevelPressure: 0 });
      // A METAR says of the sky only in which of five classes it is.
      expect(apart.cloudCover).toBeLessThanOrEqual(1);
    } finally {
      straight.close();
    }
  });
});
