import { describe, expect, it } from "vitest";
import { fetchStations } from "../../src/data/fetch/fetch.js";
import { readLines } from "../../src/data/http/readLines.js";
import { ghcnh } from "../../src/data/sources/ghcnh.js";
import { isd } from "../../src/data/sources/isd.js";
import { resolveStations } from "../../src/data/stations/stations.js";
import { checkFile } from "../../src/data/validate/checkFile.js";
import { systemClock } from "../../src/shared/clock.js";
import { parseConfig } from "../../src/shared/config.js";
import { silentReport } from "../../src/shared/progress.js";
import { useTemporaryStore } from "../support/temporaryStore.js";

const archive = process.env.ISOTHERM_ARCHIVE;
/** Those of its twelve stations that differ most. */
const some = ["KDEN", "KYNG", "KORD", "KMDW", "EBBR", "KJFK"];

describe.skipIf(!archive)("the archive of real observations (ISOTHERM_ARCHIVE)", () => {
  const temporary = useTemporaryStore();
  const config = () => {
    const bases = [archive!];
    return parseConfig({
      home: temporary.home,
      stations: [{ id: "USW00013874" }],
      sources: { ghcnh: bases, isd: bases, awc: bases, nws: bases },
    });
  };
  const fetchAt = async (names: readonly string[], asOf: string, genesis: number) =>
    fetchStations(temporary.store, config(), await resolveStations(config(), names), {
      genesis,
      clock: systemClock(asOf),
      runId: asOf,
      report: silentReport,
    });

  it("of six stations goes in whole, and nothing of it is rejected", { timeout: 300_000 }, async () => {
    const summary = await fetchAt(some, "2018-12-31T23:00", Date.UTC(2011, 0, 1));
    expect(summary.failures).toEqual([]);
    expect(summary.files).toBe(21);
    const rejected = await temporary.store.all(
      'SELECT source, "column", "check", value FROM quarantine WHERE source = \'ghcnh\'',
    );
    expect(rejected).toEqual([]);
    const perYear = await temporary.store.all<{ icao: string; year: number; n: number; low: number; high: number }>(
      `SELECT icao, year(validTime) AS year, count(*) AS n, min(value) AS low, max(value) AS high
       FROM hours JOIN stations USING (stationId)
       WHERE variable = 'temperature' AND source = 'ghcnh' AND NOT (month(validTime) = 1 AND year(validTime) = 2018 AND day(validTime) = 1)
       GROUP BY ALL HAVING count(*) > 24 ORDER BY ALL`,
    );
    expect(new Set(perYear.map(({ icao }) => icao))).toEqual(new Set(some));
    for (const { n, low, high } of perYear) {
      expect(n).toBeGreaterThan(8400);
      expect(n).toBeLessThanOrEqual(8784);
      expect(low).toBeGreaterThan(-40);
      expect(high).toBeLessThan(45);
    }
    // All of Denver's 2013 is missing, and stays so.
    expect(perYear.filter(({ icao }) => icao === "KDEN").map(({ year }) => year)).toEqual([
      2012, 2014, 2015, 2016, 2017, 2018,
    ]);
    expect(await fetchAt(some, "2018-12-31T23:00", Date.UTC(2011, 0, 1))).toMatchObject({ files: 0, requested: 0 });
  });

  it("of ISD goes in where GHCNh has nothing", async () => {
    const summary = await fetchAt(["KORD"], "2014-12-31T23:00", Date.UTC(2014, 0, 1));
    expect(summary).toMatchObject({ files: 1, failures: [] });
    const hours = "SELECT count(*) AS n FROM hours WHERE variable = 'temperature' AND source = 'isd'";
    expect((await temporary.store.all<{ n: number }>(hours))[0]!.n).toBeGreaterThan(8700);
    // What is flagged suspect (6) or erroneous, and nothing else.
    const rejected = await temporary.store.all<{ check: string }>('SELECT DISTINCT "check" FROM quarantine');
    expect(rejected).toEqual([{ check: "quality" }]);
  });

  it("holds a row of 2026, read as it is published", async () => {
    const [station] = await resolveStations(config(), ["KIAH"]);
    const file = "GHCNh_USW00012960_2026_head.psv";
    const lines = readLines(`${archive}/samples/${file}`, file);
    const always = { from: 0, through: Date.UTC(2100, 0) };
    const checked = await checkFile({ source: ghcnh, station: station!, year: 2026, file, lines }, always, null);
    expect(checked.failures).toEqual([]);
    expect(checked.rows).toEqual([[2, Date.UTC(2026, 0, 1), "FM12", false, 12.2, 0, 1022.5, 2.1, 170, null]]);
  });

  it.each([
    ["72228013876", 2003, 884],
    ["00702699999", 2017, 6843],
  ])("of ISD station %s is read as published", async (isdId, year, n) => {
    const station = {
      stationId: "USW00000000",
      icao: null,
      name: "x",
      latitude: 0,
      longitude: 0,
      elevationM: 0,
      isdId,
    };
    const file = isd.file(station, year)!;
    const lines = readLines(`${archive}/isd/${file}.gz`, file);
    const always = { from: 0, through: Date.UTC(2100, 0) };
    const checked = await checkFile({ source: isd, station, year, file, lines }, always, null);
    expect(checked.rows).toHaveLength(n);
    expect(checked.failures.every((failure) => failure.check === "quality")).toBe(true);
  });
});
