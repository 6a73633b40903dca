import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/pipeline/clock.js";
import { type Config, parseConfig } from "../../src/pipeline/config.js";
import { fetchStations } from "../../src/pipeline/fetch.js";
import { knownStations } from "../../src/pipeline/knownStations.js";
import { silentReport } from "../../src/pipeline/progress.js";
import {
  configuredStations,
  parseStationList,
  resolveStations,
  searchStations,
  stationsNear,
} from "../../src/pipeline/stations.js";
import { type LoopbackNoaa, startNoaa } from "../support/loopbackNoaa.js";
import { psv, routineRows } from "../support/psv.js";
import { useTemporaryStore } from "../support/temporaryStore.js";

const list = readFileSync(fileURLToPath(new URL("../input/ghcnh-station-list.csv", import.meta.url)), "utf8");
const temporary = useTemporaryStore();
let noaa: LoopbackNoaa;
let config: Config;
beforeEach(async () => {
  noaa = await startNoaa();
  config = parseConfig({
    home: temporary.home,
    stations: [{ id: "USW00013874", icao: "KATL", name: "Atlanta" }, { id: "USW00094846" }],
    sources: { ghcnh: [noaa.url], isd: [noaa.url], awc: [noaa.url], nws: [noaa.url] },
  });
});
afterEach(() => noaa.close());

describe("stations", () => {
  it("are found by GHCNh id, ICAO code or ISD id without asking, configured or not", async () => {
    expect((await configuredStations(config)).map(({ icao, name }) => [icao, name])).toEqual([
      ["KATL", "Atlanta"],
      ["KORD", "Chicago O'Hare"],
    ]);
    const ids = ["KDFW", "usw00013897", "72530094846", "EBBR", "KORD"];
    expect((await resolveStations(config, ids)).map((station) => station.stationId)).toEqual([
      "USW00003927",
      "USW00013897",
      "USW00094846",
      "BEI0000EBBR",
    ]);
    expect(noaa.log).toEqual([]);
  });

  it("are looked up in NOAA's list, fetched once, when they are not known", async () => {
    noaa.files.set("doc/ghcnh-station-list.csv", Buffer.from(list.replace("ZURICH", "Z\u00dcRICH"), "latin1"));
    const [nowhere, zurich] = await resolveStations(config, ["XXXX", "SZM00006660"]);
    expect(nowhere).toMatchObject({ stationId: "XXI0000XXXX", latitude: 10.5, elevationM: null });
    expect(zurich).toMatchObject({ name: "Z\u00dcRICH/FLUNTERN", isdId: "06660099999", icao: null });
    expect((await searchStations(config, "fluntern")).map((station) => station.stationId)).toEqual(["SZM00006660"]);
    expect(noaa.log.filter((entry) => entry.status === 200)).toHaveLength(1);
  });

  it("stand by their id alone when no list has them, and take name and place from their file", async () => {
    const [unlisted] = await resolveStations(config, ["USW00099999"]);
    expect(unlisted).toMatchObject({ stationId: "USW00099999", latitude: null });
    const path = "access/by-year/2020/psv/GHCNh_USW00099999_2020.psv";
    noaa.files.set(path, psv("USW00099999", routineRows(Date.UTC(2020, 0, 1), 3)));
    await fetchStations(temporary.store, config, [unlisted!], {
      ...{ genesis: Date.UTC(2020, 0, 1), clock: systemClock("2020-02-01"), runId: "a", report: silentReport },
    });
    expect(await temporary.store.all("SELECT name, latitude, elevationM, timeZone FROM stations")).toEqual([
      { name: "SOMEWHERE", latitude: 41.9602, elevationM: 204.8, timeZone: "America/Chicago" },
    ]);
    await expect(resolveStations(config, ["KZZZ"])).rejects.toThrow("no station KZZZ");
  });

  it("are searched by every word, exact codes first, and by distance", async () => {
    expect((await searchStations(config, "new york")).map((station) => station.icao)).toEqual(["KJFK", "KLGA"]);
    expect((await searchStations(config, "kden"))[0]?.name).toBe("Denver");
    expect(await searchStations(config, "no such place")).toEqual([]);
    const near = await stationsNear(config, 41.88, -87.63, 2);
    expect(near.map(({ icao, distanceKm }) => [icao, Math.round(distanceKm)])).toEqual([
      ["KMDW", 15],
      ["KORD", 26],
    ]);
    await expect(stationsNear(config, 95, 0)).rejects.toThrow("not a place");
  });

  it("have an ISD id of WMO and WBAN number, and no elevation where NOAA has none", () => {
    expect(parseStationList(list).map(({ stationId, isdId, elevationM }) => [stationId, isdId, elevationM])).toEqual([
      ["USW00013874", "72219013874", 308.2],
      ["SZM00006660", "06660099999", 556],
      ["XXI0000XXXX", null, null],
    ]);
  });

  it("built in are distinct and where airports can be", () => {
    expect(new Set(knownStations.map(([id]) => id)).size).toBe(knownStations.length);
    expect(new Set(knownStations.map(([, icao]) => icao)).size).toBe(knownStations.length);
    for (const [id, icao, , latitude, longitude, elevation, isdId] of knownStations) {
      expect(id).toMatch(/^[A-Z]{2}[A-Z0-9]{9}$/);
      expect(icao).toMatch(/^[A-Z]{4}$/);
      expect(Math.abs(latitude) < 90 && Math.abs(longitude) < 180 && elevation > -5 && elevation < 4000).toBe(true);
      if (isdId !== null) expect(isdId).toMatch(/^\d{11}$/);
      if (isdId !== null && id.startsWith("USW")) expect(isdId.slice(6)).toBe(id.slice(6));
    }
  });
});
