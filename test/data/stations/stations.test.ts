import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fetchStations } from "../../../src/data/fetch/fetch.js";
import type { Station } from "../../../src/data/sources/source.js";
import { searchStations, stationsNear } from "../../../src/data/stations/noaaStations.js";
import { configuredStations, resolveStations } from "../../../src/data/stations/stations.js";
import { systemClock } from "../../../src/shared/clock.js";
import { type Config, parseConfig } from "../../../src/shared/config.js";
import { knownStations } from "../../../src/shared/knownStations.js";
import { silentReport } from "../../../src/shared/progress.js";
import { type LoopbackNoaa, startNoaa } from "../../support/loopbackNoaa.js";
import { psv, routineRows } from "../../support/psv.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

const list = readFileSync(fileURLToPath(new URL("../../input/ghcnh-station-list.csv", import.meta.url)), "utf8");
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
  it("are found by GHCNh id, ICAO code or ISD id without a request, configured or not", async () => {
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

  it("are looked up in NOAA's list, downloaded once, if they are not built in", async () => {
    noaa.files.set("doc/ghcnh-station-list.csv", Buffer.from(list.replace("ZURICH", "Z\u00dcRICH"), "latin1"));
    const [nowhere, zurich] = await resolveStations(config, ["XXXX", "SZM00006660"]);
    expect(nowhere).toMatchObject({ stationId: "XXI0000XXXX", latitude: 10.5, elevationM: null });
    expect(zurich).toMatchObject({ name: "Z\u00dcRICH/FLUNTERN", isdId: "06660099999", icao: null });
    expect((await searchStations(config, "fluntern")).map((station) => station.stationId)).toEqual(["SZM00006660"]);
    expect(noaa.log.filter((entry) => entry.status === 200)).toHaveLength(1);
  });

  it("are accepted by id if no list has them, and take name and place from their file", async () => {
    const [unlisted] = await resolveStations(config, ["USW00099999"]);
    expect(unlisted).toMatchObject({ stationId: "USW00099999", latitude: null });
    const path = "access/by-year/2020/psv/GHCNh_USW00099999_2020.psv";
    noaa.files.set(path, psv("USW00099999", routineRows(Date.UTC(2020, 0, 1), 3)));
    await fetchStations(temporary.store, config, [unlisted!], {
      genesis: Date.UTC(2020, 0, 1),
      clock: systemClock("2020-02-01"),
      runId: "a",
      report: silentReport,
    });
    expect(await temporary.store.all("SELECT name, latitude, elevationM, timeZone FROM stations")).toEqual([
      { name: "SOMEWHERE", latitude: 41.9602, elevationM: 204.8, timeZone: "America/Chicago" },
    ]);
    await expect(resolveStations(config, ["KZZZ"])).rejects.toThrow("unknown station KZZZ");
  });

  it("are searched by every word, exact codes first, and by distance", async () => {
    expect((await searchStations(config, "new york")).map((station) => station.icao)).toEqual(["KJFK", "KLGA"]);
    expect((await searchStations(config, "kden"))[0]?.name).toBe("Denver");
    expect(await searchStations(config, "no such place")).toEqual([]);
    const near = await stationsNear(config, 41.88, -87.63, { n: 2 });
    expect(near.map(({ icao, distanceKm }) => [icao, Math.round(distanceKm)])).toEqual([
      ["KMDW", 15],
      ["KORD", 26],
    ]);
    await expect(stationsNear(config, 95, 0)).rejects.toThrow("not valid coordinates");
  });

  it("are distinct and have valid coordinates if they are built in", () => {
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

/** A list with the header and these rows. */
function listOf(...rows: string[]): string {
  return `${list.split("\n")[0]}\n${rows.join("\n")}\n`;
}

/** Resolves names with a list served, and collects the warnings. */
async function resolve(
  names: readonly string[],
  served: string | Buffer | null,
  stations: Config["stations"] = config.stations,
): Promise<{ stations: Station[]; warnings: string[] }> {
  if (served !== null) noaa.files.set("doc/ghcnh-station-list.csv", served);
  const warnings: string[] = [];
  const report = { warn: (message: string) => void warnings.push(message) };
  return { stations: await resolveStations({ ...config, stations }, names, report), warnings };
}

describe("the code of a station", () => {
  it.each(["N/A", "../../x", "K%41", "?", "katl", "KATLX", "K A", "-", "open", "K\u00c4TL", "..", "%2e%", "a'b;"])(
    "is none where the list has %j: the station is named by its id, with one warning",
    async (code) => {
      const { stations, warnings } = await resolve(
        ["ZZI0000B001", "ZZI0000B001"],
        listOf(`ZZI0000B001,41.9,-87.9,10,,ODD CODE,,,,"${code}",XX`, `ZZI0000B002,41.9,-87.9,10,,OTHER,,,,N/A,XX`),
      );
      expect(stations).toMatchObject([{ stationId: "ZZI0000B001", icao: null, name: "ODD CODE" }]);
      expect(warnings).toEqual([
        expect.stringContaining(`NOAA's list gives ZZI0000B001 the code ${JSON.stringify(code)}`),
      ]);
    },
  );

  it("is that of the list if the configuration contradicts it, whose code and name are ignored", async () => {
    const served = listOf("ZZM00000001,41.9,-87.9,10,,HERE,,,,ZZAA,XX");
    const { stations, warnings } = await resolve(["ZZM00000001", "KSEA"], served, [
      { id: "ZZM00000001", icao: "KSEA", name: "Seattle" },
    ]);
    expect(stations).toMatchObject([
      { stationId: "ZZM00000001", icao: "ZZAA", name: "HERE" },
      { stationId: "USW00024233", icao: "KSEA" },
    ]);
    expect(warnings).toEqual([expect.stringMatching(/ZZM00000001 the code KSEA, but ZZM00000001 is ZZAA/)]);
  });

  it("must not be that of a station elsewhere, but may be that of another id of the same airport", async () => {
    const served = listOf("UKM00003772,51.479,-0.449,25,,HEATHROW,,,03772,,UK", "ZZM00000001,5,5,10,,HERE,,,,,XX");
    const both = [
      { id: "UKM00003772", icao: "EGLL" },
      { id: "ZZM00000001", icao: "KSEA", name: "Seattle" },
    ];
    const { stations, warnings } = await resolve(["UKM00003772", "ZZM00000001"], served, both);
    expect(stations.map(({ icao, name }) => [icao, name])).toEqual([
      ["EGLL", "HEATHROW"],
      [null, "HERE"],
    ]);
    expect(warnings).toEqual([expect.stringContaining("KSEA is USW00024233, Seattle-Tacoma")]);
  });

  it("contradicts an id that ends in another", async () => {
    const { stations, warnings } = await resolve(["ZZI0000ZZAA"], list, [{ id: "ZZI0000ZZAA", icao: "ZZBB" }]);
    expect(stations).toMatchObject([{ icao: null, name: "ZZI0000ZZAA" }]);
    expect(warnings).toEqual([expect.stringContaining("ZZI0000ZZAA is ZZAA")]);
  });

  it("belongs to the first of two stations, with a warning", async () => {
    const served = listOf("ZZM00000001,5,5,10,,ONE,,,,ZZAA,XX", "ZZM00000002,6,6,10,,TWO,,,,ZZAA,XX");
    const one = await resolve(["ZZAA"], served);
    expect(one.stations).toMatchObject([{ stationId: "ZZM00000001", icao: "ZZAA" }]);
    expect(one.warnings).toEqual([expect.stringContaining("ZZM00000001 and ZZM00000002: using ZZM00000001")]);
    const both = await resolve(["ZZM00000002", "ZZM00000001"], served);
    expect(both.stations).toMatchObject([{ icao: "ZZAA" }, { icao: null }]);
    expect(both.warnings).toEqual([
      expect.stringContaining("ZZM00000002 keeps it, and ZZM00000001 is named by its id"),
    ]);
  });
});

describe("NOAA's station list", () => {
  it.each([
    ["", "is empty"],
    ["<!doctype html><title>Moved</title>", "is a web page"],
    [list.replace("GHCN_ID", "STATION"), "has no column GHCN_ID, only STATION, LATITUDE"],
    [list.split("\n")[0]!, "has no row with a GHCNh id"],
    [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]), "gzip is cut off or damaged"],
    [null, "is not at http://127.0.0.1"],
  ])("that is %j is reported, and built-in stations are still known", async (served, reason) => {
    const { stations, warnings } = await resolve(["KATL", "USW00099999"], served);
    expect(stations).toMatchObject([{ icao: "KATL" }, { name: "USW00099999", latitude: null }]);
    expect(warnings).toEqual([expect.stringContaining(reason)]);
    expect(warnings[0]).toContain("NOAA's station list can't be read");
  });

  it("is requested again if the stored copy is damaged", async () => {
    await resolve(["XXXX"], list);
    const kept = join(temporary.home, "raw", "ghcnh", "doc", "ghcnh-station-list.csv.gz");
    writeFileSync(kept, "<html>");
    expect(await resolve(["XXXX"], list)).toMatchObject({ stations: [{ icao: "XXXX" }], warnings: [] });
    expect(readdirSync(dirname(kept))).toEqual(["ghcnh-station-list.csv.gz"]);
  });

  it("is used without a column of codes, with a warning", async () => {
    const { stations, warnings } = await resolve(["SZM00006660"], list.replace("ICAO", "AIRPORT"));
    expect(stations).toMatchObject([{ name: "ZURICH/FLUNTERN" }]);
    expect(warnings).toEqual([expect.stringContaining("has no column ICAO")]);
  });
});

it("the configuration can set the coordinates of a station", async () => {
  const stations = [{ id: "USW00099999", name: "Hut", latitude: 1, longitude: 2 }];
  expect((await resolve(["USW00099999"], list, stations)).stations).toMatchObject(
    stations.map(({ id, ...rest }) => rest),
  );
});
