import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fetchStations } from "../../src/data/fetch/fetch.js";
import { resolveStations } from "../../src/data/stations/stations.js";
import { silentReport } from "../../src/shared/progress.js";
import { dayMs, hourMs, minuteMs } from "../../src/shared/time.js";
import { fetchAt, fetchLive, liveConfig, shortWaits, stored, truth } from "../support/liveRun.js";
import { status } from "../support/loopbackNoaa.js";
import { replayedWeather } from "../support/replayedWeather.js";
import { type Observed, officialForecast, type ReplayNoaa, startReplay } from "../support/replayNoaa.js";
import { services, spoiledAnswers } from "../support/spoiledAnswers.js";
import { useTemporaryStore } from "../support/temporaryStore.js";

const genesis = Date.UTC(2026, 2, 1);
const days = 24;
const ohare = replayedWeather("KORD", genesis, days * 24);
const kennedy = replayedWeather("KJFK", genesis, days * 24);
const brussels = replayedWeather("EBBR", genesis, days * 24);
const brusselsPoint = `points/${brussels.latitude},${brussels.longitude}`;
const temporary = useTemporaryStore();
let noaa: ReplayNoaa;
beforeEach(async () => {
  noaa = await startReplay([ohare, kennedy, brussels], genesis);
});
afterEach(() => noaa.close());

const config = () => liveConfig(temporary.home, noaa);
const fetchAfter = (hours: number, icaos = ["KORD", "KJFK"]) =>
  fetchAt(temporary.store, config(), noaa, { genesis, now: genesis + hours * hourMs, icaos });
const asked = (what: string | RegExp) => noaa.log.filter(({ path }) => path.match(what)).map(({ path }) => path);
const query = <T>(sql: string) => temporary.store.all<T>(sql);

describe("fresh hours", () => {
  it("come from AWC by one request for all stations, and GHCNh confirms them later", async () => {
    const start = 10 * 24 + 7 / 60;
    expect(await fetchAfter(start)).toMatchObject({ failures: [] });
    // GHCNh's files are republished at ten.
    const hours = [1, 2, 3, 10, 11];
    for (const hour of hours) {
      const before = noaa.log.length;
      expect(await fetchAfter(start + hour)).toMatchObject({ failures: [] });
      const metars = noaa.log.slice(before).filter(({ path }) => path.startsWith("api/data/metar"));
      expect(metars).toHaveLength(1);
      expect(metars[0]!.path).toContain("ids=KORD,KJFK");
    }
    const now = genesis + (10 * 24 + hours.at(-1)!) * hourMs;
    for (const station of [ohare, kennedy]) {
      expect(await stored(temporary.store, station.stationId)).toEqual(truth(station, genesis, now));
      expect(await stored(temporary.store, station.stationId, "firstValue")).toEqual(truth(station, genesis, now));
    }
    // NWS had nothing to add; every value is that of the report whichever source it came from.
    expect(asked(/observations/)).toEqual([]);
    const sources = await query(
      `SELECT firstSource, source, sum(corrections)::INTEGER AS corrections, count(*) AS n FROM hours
       WHERE variable <> 'windDirection' GROUP BY ALL ORDER BY ALL`,
    );
    expect(sources).toMatchObject([
      { firstSource: "awc", source: "awc", corrections: 0 },
      { firstSource: "awc", source: "ghcnh", corrections: 0 },
      { firstSource: "ghcnh", source: "ghcnh", corrections: 0 },
    ]);
    expect(await query("SELECT * FROM quarantine")).toEqual([]);
    // The same version of anything was sent once.
    const sent = noaa.log.filter(({ status, range }) => status === 200 && !range).map(({ path, etag }) => path + etag);
    expect(new Set(sent).size).toBe(sent.length);
  }, 120_000);

  it("are not asked for when none is missing, nor again within minutes", async () => {
    await fetchAfter(240 + 7 / 60);
    const before = noaa.log.length;
    expect(await fetchAfter(240 + 20 / 60)).toMatchObject({ requested: 0, failures: [] });
    expect(noaa.log.length).toBe(before);
    await fetchAfter(241 + 1 / 60); // the report of :51 is there
    const metars = asked(/metar/).length;
    await fetchAfter(241 + 3 / 60);
    expect(asked(/metar/).length).toBe(metars);
  });

  it("come from NWS where AWC lacks them, only for those stations and hours, page by page", async () => {
    await fetchAfter(240 + 7 / 60);
    noaa.fault = (path) => (path.startsWith("api/data/metar") ? status(204) : undefined);
    expect(await fetchAfter(245 + 25 / 60)).toMatchObject({ failures: [] });
    expect(
      asked(/observations/)
        .map((path) => path.split("?")[0])
        .sort(),
    ).toEqual([...["stations/KJFK/observations", "stations/KORD/observations"]]);
    const now = genesis + 245 * hourMs;
    expect(await stored(temporary.store, ohare.stationId)).toEqual(truth(ohare, genesis, now));
    expect(await query("SELECT DISTINCT source FROM hours ORDER BY source")).toEqual([
      { source: "awc" },
      { source: "ghcnh" },
      { source: "nws" },
    ]);
    // AWC has them again, and says the same.
    noaa.fault = () => undefined;
    await fetchAfter(246 + 10 / 60);
    expect(await query("SELECT sum(corrections)::INTEGER AS n FROM hours")).toEqual([{ n: 0 }]);
    // Days are more than one page.
    noaa.fault = (path) => (path.startsWith("api/data/metar") ? status(204) : undefined);
    const before = asked(/cursor/).length;
    await fetchAfter(246 + 4 * 24);
    expect(asked(/cursor/).length - before).toBeGreaterThanOrEqual(2);
    const through = genesis + (245 + 4 * 24) * hourMs;
    expect(await stored(temporary.store, ohare.stationId)).toMatchObject(truth(ohare, genesis, through));
  });

  it("come from NWS also where AWC lacks one in the midst of others, older than is waited for", async () => {
    await fetchAfter(240 + 40 / 60);
    const hole = genesis + 245 * hourMs;
    noaa.fault = (path) =>
      path.startsWith("api/data/metar")
        ? (_, response, body) => {
            const rows = JSON.parse(String(body)) as { obsTime: number }[];
            const kept = rows.filter(({ obsTime }) => Math.abs(obsTime * 1000 - hole) > 45 * minuteMs);
            response.writeHead(200).end(JSON.stringify(kept));
          }
        : undefined;
    await fetchAfter(250 + 40 / 60, ["KORD"]);
    expect(asked(/KORD\/observations/)).toHaveLength(1);
    const now = genesis + 250 * hourMs;
    expect(await stored(temporary.store, ohare.stationId)).toMatchObject(truth(ohare, genesis, now));
    expect(
      await query(`SELECT firstSource FROM hours WHERE variable = 'temperature' AND epoch_ms(validTime) = ${hole}`),
    ).toEqual([{ firstSource: "nws" }]);
  });

  it("and forecasts are taken that were made while a run was under way", async () => {
    const start = genesis + (246 + 58 / 60) * hourMs;
    noaa.now = start + 9 * minuteMs;
    noaa.fault = (path) =>
      services.official(path)
        ? (_, response) => {
            const { properties } = officialForecast(ohare, noaa.now);
            const generatedAt = new Date(noaa.now).toISOString();
            response.writeHead(200).end(JSON.stringify({ properties: { ...properties, generatedAt } }));
          }
        : undefined;
    // Reading the files took nine minutes.
    let looks = 0;
    const config = liveConfig(temporary.home, noaa);
    const summary = await fetchStations(temporary.store, config, await resolveStations(config, ["KORD"]), {
      genesis,
      runId: "run",
      report: silentReport,
      http: shortWaits,
      clock: { now: () => (looks++ === 0 ? start : noaa.now), replaying: false },
    });
    expect(summary.failures).toEqual([]);
    expect(await query("SELECT * FROM quarantine")).toEqual([]);
    expect(
      await query(
        "SELECT strftime(issuedTime, '%d %H') AS issued, count(*)::INTEGER AS n FROM guidanceSeen GROUP BY ALL",
      ),
    ).toEqual([{ issued: "11 07", n: 96 }]);
    // The report of :51, which AWC has five minutes later, and what was seen with it.
    expect(await query("SELECT max(strftime(firstSeenTime, '%d %H:%M')) AS seen FROM hours")).toEqual([
      { seen: "11 07:07" },
    ]);
  });

  it("are asked of NWS once a day where it has said twice that it does not know the station", async () => {
    await fetchAfter(240 + 7 / 60, ["EBBR"]);
    noaa.fault = (path) => (path.startsWith("api/data/metar") ? status(204) : undefined);
    const lines: string[] = [];
    for (const hour of [243, 244, 245, 246, 263, 265]) {
      const now = genesis + (hour + 15 / 60) * hourMs;
      const report = { ...silentReport, info: (line: string) => void lines.push(line) };
      await fetchAt(temporary.store, config(), noaa, { genesis, now, icaos: ["EBBR"], report });
      expect(lines.splice(0)).toEqual([
        "awc has no report: EBBR; asked again within a day",
        "nws has no hourly forecast: EBBR; asked again within a day",
        "nws has no report: EBBR; asked again within a day",
      ]);
    }
    const hours = noaa.log.flatMap(({ path }) => (path.includes("EBBR/observations") ? [path.slice(-26, -16)] : []));
    expect(hours).toHaveLength(3);
    expect(asked(/^points/)).toHaveLength(3);
  });

  it("are asked of NWS again after a 404 in passing, and of another address at once", async () => {
    await fetchAfter(240 + 7 / 60, ["KORD"]);
    noaa.fault = (path) =>
      path.startsWith("api/data/metar") || path.includes("observations") ? status(404) : undefined;
    await fetchAfter(243 + 25 / 60, ["KORD"]);
    await fetchAfter(244 + 25 / 60, ["KORD"]);
    // Another address, within the hour.
    noaa.fault = (path) => (path.startsWith("api/data/metar") ? status(204) : undefined);
    const moved = liveConfig(temporary.home, noaa, { nws: [noaa.hosts[0]] });
    const now = genesis + (244 + 27 / 60) * hourMs;
    await fetchAt(temporary.store, moved, noaa, { genesis, now, icaos: ["KORD"] });
    expect(await stored(temporary.store, ohare.stationId)).toEqual(truth(ohare, genesis, now));
  });

  it("come from AWC in full after days in which it had nothing", async () => {
    // Nothing but AWC.
    const only = liveConfig(temporary.home, noaa, {
      ghcnh: [temporary.home],
      isd: [temporary.home],
      nws: [temporary.home],
    });
    const at = (hour: number) =>
      fetchAt(temporary.store, only, noaa, { genesis, now: genesis + hour * hourMs, icaos: ["KORD"] });
    await at(48.2);
    noaa.fault = () => status(204);
    for (let hour = 52.2; hour < 48 + 5 * 24; hour += 8) await at(hour);
    const wide = asked(/metar/).filter((path) => Number(path.split("hours=")[1]) > 72);
    // In full once a day, for the last two days otherwise.
    expect(wide.length).toBeLessThanOrEqual(3);
    noaa.fault = () => undefined;
    await at(48 + 6 * 24 + 0.2);
    expect(await stored(temporary.store, ohare.stationId)).toEqual(
      truth(ohare, genesis, genesis + (48 + 6 * 24) * hourMs),
    );
  });

  it("of many days and stations take as many requests as the limit on rows asks for", async () => {
    // Nothing but AWC, from the beginning.
    const only = liveConfig(temporary.home, noaa, { ghcnh: [temporary.home], isd: [temporary.home] });
    const now = genesis + (17 * 24 + 7 / 60) * hourMs;
    await fetchAt(temporary.store, only, noaa, { genesis, now, icaos: ["KORD", "KJFK", "EBBR"] });
    const hours = asked(/metar/).map((path) => Number(path.split("hours=")[1]));
    expect(Math.max(...hours)).toBe(360);
    // 15 days are 412 rows: cut off at 400, and asked for again in halves.
    expect(hours).toEqual([360, 180, 360, 180, 360, 180]);
    const wanted = truth(ohare, now - 14 * dayMs, now);
    expect(await stored(temporary.store, ohare.stationId)).toMatchObject(wanted);
  });

  it("keep the correction, though an older answer comes after it", async () => {
    await fetchAfter(240 + 7 / 60);
    const report = (rawOb: string, obsTime: number) => [
      { icaoId: "KORD", obsTime: obsTime / 1000, metarType: "METAR", rawOb, receiptTime: "2026-03-11T01:55:00Z" },
    ];
    const time = genesis + 240 * hourMs + 51 * minuteMs;
    const text = (temperature: string, mark: string) => `METAR ${mark}KORD 110051Z 10SM ${temperature}/M01 A3000`;
    const answers = [text("05", ""), text("06", "COR "), text("05", "")];
    for (const [i, raw] of answers.entries()) {
      noaa.fault = (path) =>
        path.startsWith("api/data/metar")
          ? (_, response) => response.writeHead(200).end(JSON.stringify(report(raw, time)))
          : path.includes("observations")
            ? status(404)
            : undefined;
      await fetchAfter(241 + i + 8 / 60, ["KORD"]);
    }
    expect(
      await query(
        "SELECT firstValue, value, corrections FROM hours WHERE variable = 'temperature' AND validTime = '2026-03-11 01:00'",
      ),
    ).toEqual([{ firstValue: 5, value: 6, corrections: 1 }]);
  });

  it("are not asked of NOAA's own live services by a run in the past, which they can't answer", async () => {
    const sources = { awc: ["https://aviationweather.gov/"], nws: ["https://api.weather.gov/"] };
    const past = liveConfig(temporary.home, noaa, sources);
    noaa.now = genesis + 240 * hourMs;
    const summary = await fetchLive(temporary.store, past, {
      genesis,
      now: genesis + 240 * hourMs,
      icaos: ["KORD"],
      replaying: true,
    });
    expect(summary).toMatchObject({ failures: [], requested: 1 });
  });

  it("come from a folder laid out like the services", async () => {
    const folder = join(temporary.home, "live");
    const put = (name: string, content: string | Buffer) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    };
    const metar = (hour: number, temperature: string) => ({
      icaoId: "KORD",
      obsTime: (genesis + hour * hourMs - 9 * minuteMs) / 1000,
      metarType: "METAR",
      rawOb: `METAR KORD ${new Date(genesis + hour * hourMs - 9 * minuteMs).toISOString().slice(8, 16).replace(/[T:-]/g, "")}Z ${temperature}/01`,
    });
    put("api/data/metar/KORD.json.gz", gzipSync(JSON.stringify([metar(2, "07"), metar(1, "06")])));
    const nws = (hour: number, value: number) => ({
      properties: {
        timestamp: new Date(genesis + hour * hourMs).toISOString(),
        rawMessage: "KORD",
        temperature: { unitCode: "wmoUnit:degC", value, qualityControl: "V" },
      },
    });
    put("stations/KORD/observations.json", JSON.stringify({ features: [nws(3, 8), nws(2, 99)] }));
    put("points/41.9602,-87.9316.json", JSON.stringify({ properties: { gridId: "LOT", gridX: 65, gridY: 76 } }));
    const period = { startTime: new Date(genesis + 5 * hourMs).toISOString(), temperature: 9, temperatureUnit: "C" };
    const generatedAt = new Date(genesis + 2 * hourMs).toISOString();
    put(
      "gridpoints/LOT/65,76/forecast/hourly.json",
      JSON.stringify({ properties: { generatedAt, updateTime: generatedAt, periods: [period] } }),
    );
    const folders = { ghcnh: [folder], isd: [folder], awc: [folder], nws: [folder] };
    const at = (hour: number) => ({ genesis, now: genesis + hour * hourMs, icaos: ["KORD"], replaying: true });
    await fetchLive(temporary.store, liveConfig(temporary.home, noaa, folders), at(1.5));
    const hour = (n: number) => new Date(genesis + n * hourMs).toISOString();
    expect(await stored(temporary.store, ohare.stationId)).toEqual({ [hour(1)]: 6 });
    await fetchLive(temporary.store, liveConfig(temporary.home, noaa, folders), at(3.5));
    expect(await stored(temporary.store, ohare.stationId)).toEqual({ [hour(1)]: 6, [hour(2)]: 7, [hour(3)]: 8 });
    // Its lead counts from the hour in which the forecast was generated.
    expect(await query("SELECT leadHours, temperatureC FROM guidanceSeen")).toEqual([
      { leadHours: 3, temperatureC: 9 },
    ]);
    expect(await query("SELECT * FROM requests WHERE source IN ('awc', 'nws')")).toEqual([]);
  });
});

describe("the official forecast", () => {
  it("is saved where it has changed, asked for once an hour, and never for places abroad", async () => {
    const start = 240 + 7 / 60;
    for (let hour = 0; hour < 13; hour++) await fetchAfter(start + hour, ["KORD", "EBBR"]);
    await fetchAfter(start + 12.2, ["KORD", "EBBR"]);
    // Abroad a second time, because a "no" may be one in passing.
    expect(asked(/^points/).sort()).toEqual(["points/41.9602,-87.9316", ...Array(2).fill(brusselsPoint)]);
    expect(asked(/hourly/)).toHaveLength(13);
    const saved = await query<{ stationId: string; source: string; issued: string; n: number; last: number }>(
      `SELECT stationId, source, strftime(issuedTime, '%d %H') AS issued, count(*)::INTEGER AS n,
         max(leadHours)::INTEGER AS last
       FROM guidanceSeen GROUP BY ALL ORDER BY ALL`,
    );
    expect(saved).toEqual(
      [
        { issued: "11 00", n: 96 },
        { issued: "11 06", n: 39 },
        { issued: "11 12", n: 39 },
      ].map((run) => ({ stationId: ohare.stationId, source: "nws", ...run, last: 96 })),
    );
    // The values that did not change follow from the runs before.
    const known = await query<{ validTime: number; temperatureC: number }>(
      `SELECT epoch_ms(issuedTime)::DOUBLE + leadHours * ${hourMs} AS "validTime", temperatureC FROM guidance
       QUALIFY row_number() OVER (PARTITION BY validTime ORDER BY issuedTime DESC) = 1 ORDER BY validTime`,
    );
    const said = officialForecast(ohare, genesis + 252 * hourMs).properties.periods.slice(1, 97);
    expect(known.slice(-96)).toEqual(
      said.map(({ startTime, temperature }) => ({ validTime: Date.parse(startTime), temperatureC: temperature })),
    );
    // Between the changes the server said that nothing had changed.
    const answers = noaa.log.filter(({ path }) => path.includes("hourly")).map(({ status }) => status);
    expect(answers.filter((code) => code === 304)).toHaveLength(10);
    const [observed] = await query<{ bias: number }>(
      `SELECT avg(f.temperatureC - h.value) AS bias FROM guidanceSeen f JOIN hours h
       ON h.stationId = f.stationId AND h.variable = 'temperature' AND h.validTime = f.issuedTime + to_hours(leadHours)`,
    );
    expect(observed!.bias).toBeGreaterThan(1);
    expect(observed!.bias).toBeLessThan(3);
  });

  it("is asked for again soon after the service said in passing that it has none", async () => {
    noaa.faults.set("points/41.9602,-87.9316", [status(404)]);
    const start = 240 + 7 / 60;
    await fetchAfter(start, ["KORD"]);
    expect(await query("SELECT * FROM guidanceSeen")).toEqual([]);
    await fetchAfter(start + 1, ["KORD"]);
    expect(await query("SELECT count(*)::INTEGER AS n FROM guidanceSeen")).toEqual([{ n: 96 }]);
    // So is its grid, which may be another one now.
    noaa.fault = (path) => (services.official(path) ? status(404) : undefined);
    await fetchAfter(start + 7, ["KORD"]);
    noaa.fault = () => undefined;
    await fetchAfter(start + 8, ["KORD"]);
    expect(await query("SELECT DISTINCT strftime(issuedTime, '%d %H') AS issued FROM guidanceSeen ORDER BY 1")).toEqual(
      [{ issued: "11 00" }, { issued: "11 06" }],
    );
  });

  it("that has not changed is asked for in full where none is kept", async () => {
    const start = 240 + 7 / 60;
    await fetchAfter(start, ["KORD"]);
    await temporary.store.run("DELETE FROM guidance; DELETE FROM guidanceRuns");
    await fetchAfter(start + 1, ["KORD"]);
    expect(await query("SELECT count(*)::INTEGER AS n FROM guidanceSeen")).toEqual([{ n: 96 }]);
  });

  it("keeps the newest version when an older one comes after it, also when a clock was put back", async () => {
    const start = 240 + 40 / 60;
    await fetchAfter(start, ["KORD"]);
    await fetchAfter(start + 6, ["KORD"]);
    noaa.fault = (path) =>
      services.official(path)
        ? (_, response) => {
            const { properties } = officialForecast(ohare, genesis + start * hourMs);
            const periods = properties.periods.map((period) => ({ ...period, temperature: period.temperature + 1 }));
            response.writeHead(200).end(JSON.stringify({ properties: { ...properties, periods } }));
          }
        : undefined;
    const saved = () => query("FROM guidanceSeen ORDER BY ALL");
    const before = await saved();
    expect(before).toHaveLength(96 + 39);
    for (const hours of [-0.1, 7]) {
      expect(await fetchAfter(start + hours, ["KORD"])).toMatchObject({ failures: [] });
      expect(await saved()).toEqual(before);
    }
  });

  it("is not replaced by an answer that says the same and lacks dew points or a whole hour", async () => {
    const start = 240 + 7 / 60;
    await fetchAfter(start, ["KORD"]);
    const spoil = (name: string) => {
      const { fault } = spoiledAnswers.find((spoiled) => spoiled.service === "official" && spoiled.name === name)!;
      noaa.fault = (path) => (services.official(path) ? fault : undefined);
    };
    spoil("°F");
    expect(await fetchAfter(start + 3, ["KORD"])).toMatchObject({ failures: [] });
    expect(await query('SELECT "check" FROM quarantine LIMIT 1')).toEqual([{ check: "period" }]);
    const saved = await query(
      `SELECT count(*)::INTEGER AS n, count(dewPointC)::INTEGER AS dewPoints FROM guidanceSeen
       GROUP BY issuedTime ORDER BY issuedTime`,
    );
    // The hours that are within reach only now lack them.
    expect(saved).toEqual([
      { n: 96, dewPoints: 96 },
      { n: 3, dewPoints: 0 },
    ]);
    spoil("fields of a megabyte");
    await fetchAfter(start + 4, ["KORD"]);
    expect(await query("SELECT max(strftime(issuedTime, '%d %H')) AS newest FROM guidanceRuns")).toEqual([
      { newest: "11 04" },
    ]);
    expect(await query("SELECT * FROM guidance WHERE temperatureC IS NULL")).toEqual([]);
  });
});

describe("a year that has changed", () => {
  // Real rows are eight times as long, and the end of a year is a small part of it only late in the year.
  const yearStart = Date.UTC(2025, 0, 1);
  const long = replayedWeather("KORD", yearStart, 330 * 24);
  const at = (day: number) => yearStart + day * dayMs + 11 * hourMs;
  const path = `access/by-year/2025/psv/GHCNh_${long.stationId}_2025.psv`;
  const fetchDay = async (day: number) => {
    noaa.now = at(day);
    const before = noaa.log.length;
    await fetchLive(
      temporary.store,
      liveConfig(temporary.home, noaa, { awc: [temporary.home], nws: [temporary.home] }),
      { genesis: yearStart, now: at(day), icaos: ["KORD"] },
    );
    return noaa.log.slice(before).filter((entry) => entry.path === path);
  };
  beforeEach(async () => {
    await noaa.close();
    noaa = await startReplay([long], yearStart);
  });

  it("is read again at its end only, where the server sends parts", async () => {
    expect(await fetchDay(300)).toMatchObject([{ status: 200 }]);
    expect(await fetchDay(301)).toMatchObject([{ status: 206 }, { status: 206 }]);
    expect(await stored(temporary.store, long.stationId)).toEqual(truth(long, yearStart, at(301) - 2 * dayMs - hourMs));
    const bytes = await query<{ bytes: number }>("SELECT bytes FROM requests ORDER BY requestedTime, rowid");
    expect(bytes[1]!.bytes + bytes[2]!.bytes).toBeLessThan(bytes[0]!.bytes / 3);
    expect(await fetchDay(301.1)).toEqual([]);
    // A value of a month ago is corrected, as are later ones.
    const corrected = long.observed.findIndex(({ time, isSpecial }) => time > at(270) && !isSpecial);
    const row = long.observed[corrected]! as { temperatureC: number };
    const [before, hour] = [row.temperatureC, new Date(long.observed[corrected]!.time + 9 * minuteMs).toISOString()];
    row.temperatureC = before + 2;
    await fetchDay(302);
    expect((await stored(temporary.store, long.stationId))[hour]).toBe(before + 2);
    expect((await stored(temporary.store, long.stationId, "firstValue"))[hour]).toBe(before);
    row.temperatureC = before;
    await fetchDay(303);
    expect((await stored(temporary.store, long.stationId))[hour]).toBe(before);
    expect(await query("SELECT * FROM quarantine")).toEqual([]);
  });

  it("is read whole where the server sends none, or where history begins earlier", async () => {
    await fetchDay(300);
    noaa.fault = (path) =>
      path.endsWith(".psv") ? (_, response, body) => response.writeHead(200).end(body) : undefined;
    expect(await fetchDay(301)).toMatchObject([{ status: 200 }]);
    expect(await stored(temporary.store, long.stationId)).toEqual(truth(long, yearStart, at(301) - 2 * dayMs - hourMs));
    noaa.fault = () => undefined;
    expect(await fetchDay(302)).toMatchObject([{ status: 206 }, { status: 206 }]);
  });

  it("loses nothing when it is republished shorter, and that is reported", async () => {
    await fetchDay(300);
    const observed = long.observed as Observed[];
    const lost = observed.splice(
      observed.findIndex(({ time }) => time > at(285)),
      100,
    );
    await fetchDay(301);
    observed.splice(
      observed.findIndex(({ time }) => time > at(285)),
      0,
      ...lost,
    );
    expect(await stored(temporary.store, long.stationId)).toEqual(truth(long, yearStart, at(301) - 2 * dayMs - hourMs));
    expect(await query('SELECT "check", severity, "row" FROM quarantine')).toEqual([
      { check: "shrunk", severity: "warning", row: null },
    ]);
    await fetchDay(302);
    expect(await query("SELECT * FROM quarantine")).toEqual([]);
  });
});
