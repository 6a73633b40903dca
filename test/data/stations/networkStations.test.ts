import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chooseNetwork, type Placed } from "../../../src/data/stations/chooseNetwork.js";
import { folderStations } from "../../../src/data/stations/folderStations.js";
import { networkStations } from "../../../src/data/stations/networkStations.js";
import { type ConfigInput, parseConfig } from "../../../src/shared/config.js";
import { type LoopbackNoaa, startNoaa } from "../../support/loopbackNoaa.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

const temporary = useTemporaryStore();
let noaa: LoopbackNoaa;
beforeEach(async () => {
  noaa = await startNoaa();
});
afterEach(() => noaa.close());

const now = Date.parse("2026-01-01T00:00Z");
const atlanta = { id: "USW00013874", icao: "KATL" };
const configOf = (given: Partial<ConfigInput>) => {
  const bases = [noaa.url];
  const sources = { ghcnh: bases, isd: bases, awc: bases, nws: bases };
  return parseConfig({ home: temporary.home, stations: [atlanta], sources, ...given });
};

/** Stations around Atlanta, 2° apart, with the codes K000, K001 … */
const around = Array.from({ length: 121 }, (_, i) => {
  const [row, column] = [Math.floor(i / 11) - 5, (i % 11) - 5];
  const number = String(i).padStart(3, "0");
  return { id: `USW00080${number}`, icao: `K${number}`, latitude: 33.6 + 2 * row, longitude: -84.4 + 2 * column };
});
const listOf = (stations: typeof around) =>
  [
    "GHCN_ID,LATITUDE,LONGITUDE,ELEVATION,STATE,NAME,GSN,(US)HCN_(US)CRN,WMO_ID,ICAO,ISO_CODE",
    ...stations.map(
      ({ id, icao, latitude, longitude }) => `${id},${latitude},${longitude},10,GA,${icao},,,,${icao},US`,
    ),
  ].join("\n");
const placed = ({ id, icao, latitude, longitude }: (typeof around)[number]): Placed => {
  return { stationId: id, icao, name: icao, latitude, longitude, elevationM: null, isdId: null };
};

async function idsOf(given: Partial<ConfigInput>, codes: readonly string[] | null = around.map(({ icao }) => icao)) {
  const warnings: string[] = [];
  const stations = await networkStations(temporary.store, configOf(given), {
    now,
    report: { warn: (text) => warnings.push(text) },
    reporting: async () => codes && new Map(codes.map((code) => [code, { hasPressure: true }])),
  });
  expect(stations.every(({ onlyLends }) => onlyLends)).toBe(true);
  return { ids: stations.map(({ stationId }) => stationId), warnings };
}

test("the stations that add most are spread around the configured ones", () => {
  const configured = [placed({ ...atlanta, latitude: 33.6, longitude: -84.4 })];
  const choice = { configured, candidates: around.map(placed), within: 900, max: 12 };
  const chosen = chooseNetwork(choice);
  expect(chosen).toHaveLength(12);
  const bearings = chosen.map(
    ({ latitude, longitude }) => Math.floor((Math.atan2(longitude + 84.4, latitude - 33.6) / Math.PI + 1) * 2) % 4,
  );
  for (const quarter of [0, 1, 2, 3]) expect(bearings.filter((one) => one === quarter).length).toBeGreaterThan(1);
  expect(Math.max(...chosen.map(({ latitude }) => Math.abs(latitude - 33.6)))).toBeLessThanOrEqual(8);
  // Whatever the order of candidates.
  expect(chooseNetwork({ ...choice, candidates: choice.candidates.toReversed() })).toEqual(chosen);
  expect(chooseNetwork({ ...choice, max: 5 })).toEqual(chosen.slice(0, 5));
});

test("a choice is made once, of stations that report, and again when the setting changes", async () => {
  noaa.files.set("doc/ghcnh-station-list.csv", listOf(around));
  const reporting = around.filter((_, i) => i % 2 === 0).map(({ icao }) => icao);
  const { ids, warnings } = await idsOf({ network: { within: 1000, max: 8 } }, reporting);
  expect(warnings).toEqual([]);
  expect(ids).toHaveLength(8);
  expect(ids.every((id) => Number(id.slice(8)) % 2 === 0)).toBe(true);
  const asked = noaa.log.length;
  expect(await idsOf({ network: { within: 1000, max: 8 } })).toMatchObject({ ids });
  expect(noaa.log).toHaveLength(asked);
  const more = await idsOf({ network: { within: 1000, max: 10 } });
  expect(more.ids).toHaveLength(10);
  // Those that have a history are preferred.
  expect(ids.filter((id) => more.ids.includes(id)).length).toBeGreaterThan(5);
});

test("without a list, or without knowing which stations report, the next run chooses", async () => {
  const network = { within: 1000, max: 3 };
  expect(await idsOf({ network })).toEqual({
    ids: [],
    warnings: ["the network's stations can't be chosen: NOAA's station list can't be read; the next run tries again"],
  });
  noaa.files.set("doc/ghcnh-station-list.csv", listOf(around));
  expect(await idsOf({ network }, null)).toEqual({
    ids: [],
    warnings: [
      "the network's stations can't be chosen: the stations that report now are unknown; the next run tries again",
    ],
  });
  expect((await idsOf({ network })).ids).toHaveLength(3);
});

test("a list is taken as it is, without the configured stations", async () => {
  noaa.files.set("doc/ghcnh-station-list.csv", listOf(around));
  const [first, second] = around as [(typeof around)[0], (typeof around)[0]];
  const { ids, warnings } = await idsOf({ network: [first, { id: "USW00094846" }, atlanta] });
  expect([ids, warnings]).toEqual([["USW00080000", "USW00094846"], []]);
  expect(await idsOf({ network: [second, { id: "USW00094846" }] })).toMatchObject({ ids: [second.id, "USW00094846"] });
  expect(await idsOf({ network: null })).toMatchObject({ ids: [] });
});

test("--network all finds every station with a file of the years in a folder", () => {
  for (const [id, year] of [
    ["USI0000KABQ", 2025],
    ["USW00003927", 2024],
    ["USW00013897", 2020],
  ] as const) {
    const file = join(temporary.home, `hourly/access/by-year/${year}/psv/GHCNh_${id}_${year}.psv.gz`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "");
  }
  const sources = { ...configOf({}).sources, ghcnh: [temporary.home] };
  expect(folderStations({ sources }, [2024, 2025])).toEqual(["USI0000KABQ", "USW00003927"]);
});
