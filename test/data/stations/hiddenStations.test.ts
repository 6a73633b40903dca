import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { rememberConfigured, removedStations } from "../../../src/data/stations/hiddenStations.js";
import { openStore, type Store } from "../../../src/data/store/store.js";
import { withRun } from "../../../src/pipeline/run.js";
import { update } from "../../../src/pipeline/update.js";
import { parseConfig } from "../../../src/shared/config.js";
import { silentReport } from "../../../src/shared/progress.js";
import { hourMs, minuteMs } from "../../../src/shared/time.js";
import { replayedWeather } from "../../support/replayedWeather.js";
import { startReplay } from "../../support/replayNoaa.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { fastExperts } from "../../support/training.js";

let store: Store;
beforeEach(async () => {
  store = await openStore(await temporaryFolder());
});
afterEach(() => store.close());

const [atlanta, chicago, nashville] = ["USW00013874", "USW00094846", "USW00013897"];
const configured = (...ids: string[]) => rememberConfigured(store, ids, { isNamed: false });
const named = (...ids: string[]) => rememberConfigured(store, ids, { isNamed: true });
const leftOutOf = (...ids: string[]) => removedStations(store, { stations: ids.map((id) => ({ id })) });

test("a station removed from the configuration is hidden until it is added again", async () => {
  await configured(atlanta, chicago);
  await configured(atlanta, chicago);
  expect(await leftOutOf(atlanta, chicago)).toEqual([]);
  await configured(atlanta);
  expect(await leftOutOf(atlanta)).toEqual([chicago]);
  expect(await leftOutOf(atlanta, chicago)).toEqual([]);
});

test("a station that was named on the command line stays, configured or not", async () => {
  await configured(atlanta, chicago);
  await named(nashville, chicago);
  expect(await leftOutOf(atlanta)).toEqual([]);
  expect(await leftOutOf(nashville)).toEqual([atlanta]);
});

test("publishing uses the configuration of the last update", async () => {
  const genesis = Date.parse("2020-02-28T12:00Z");
  const now = genesis + 30 * hourMs + 9 * minuteMs;
  const noaa = await startReplay([replayedWeather("KORD", genesis, 80), replayedWeather("KJFK", genesis, 80)], now);
  const home = await temporaryFolder();
  const [ohare, kennedy] = [
    { id: chicago, icao: "KORD" },
    { id: "USW00094789", icao: "KJFK" },
  ];
  const sources = { ghcnh: [noaa.url], isd: [noaa.url], awc: [noaa.url], nws: [noaa.url] };
  const updated = async (stations: { id: string; icao: string }[], station?: string[]) => {
    const all = parseConfig({ home, stations, sources, genesis: new Date(genesis).toISOString() });
    const config = { ...all, model: { ...all.model, experts: fastExperts } };
    const asOf = new Date(now).toISOString();
    const options = { simulate: false, ...(station ? { station } : {}) };
    await withRun({ command: "update", asOf, report: silentReport }, (run) => update(run, options), { config });
    const rows = await store.all<{ icao: string }>(
      `SELECT icao FROM '${join(home, "published", "stations.parquet")}' JOIN
         (SELECT DISTINCT stationId FROM '${join(home, "published", "forecasts.parquet")}') USING (stationId) ORDER BY icao`,
    );
    return rows.map(({ icao }) => icao);
  };
  onTestFinished(() => noaa.close());
  expect(await updated([ohare, kennedy])).toEqual(["KJFK", "KORD"]);
  expect(await updated([ohare])).toEqual(["KORD"]);
  expect(await updated([ohare], ["KJFK"])).toEqual(["KJFK", "KORD"]);
});

test("a shard without stations has nothing to remember", async () => {
  await configured();
  await named();
  expect(await leftOutOf()).toEqual([]);
});
