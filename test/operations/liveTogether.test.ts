import { describe, expect, it } from "vitest";
import { failureLines, fetchStations } from "../../src/data/fetch/fetch.js";
import type { Station } from "../../src/data/sources/source.js";
import { silentReport } from "../../src/shared/progress.js";
import { hourMs } from "../../src/shared/time.js";
import { useFetchedStore } from "../support/fetchedStore.js";
import { fetchAt, liveConfig, shortWaits, stored, truth } from "../support/liveRun.js";
import { changed, type Fault, status } from "../support/loopbackNoaa.js";
import { replayedWeather } from "../support/replayedWeather.js";

const genesis = Date.UTC(2026, 2, 1);
const days = 11;
const ohare = replayedWeather("KORD", genesis, days * 24);
const kennedy = replayedWeather("KJFK", genesis, days * 24);
const brussels = replayedWeather("EBBR", genesis, days * 24);
const stations = [ohare, kennedy, brussels];
const icaos = stations.map(({ icao }) => icao);
/** When all that was there was fetched. */
const start = 240 + 7 / 60;
const fetched = useFetchedStore(stations, { genesis, now: genesis + start * hourMs });

const config = () => liveConfig(fetched.home, fetched.noaa);
const fetchThree = (hours: number) =>
  fetchAt(fetched.store, config(), fetched.noaa, { genesis, now: genesis + hours * hourMs, icaos });
const query = <T>(sql: string) => fetched.store.all<T>(sql);

/** What AWC answers to any request that names a station it does not take. */
const poisonedBy = (icao: string, fault: Fault) => {
  fetched.noaa.fault = (path) => (path.startsWith("api/data/metar") && path.includes(icao) ? fault : undefined);
};
const idsAsked = (since: number) =>
  fetched.noaa.log.slice(since).flatMap(({ path }) => /metar\?ids=([A-Z0-9,]+)/.exec(path)?.[1] ?? []);
const known = async (hours: number) => {
  const now = genesis + Math.floor(hours) * hourMs;
  for (const station of [ohare, brussels]) {
    expect(await stored(fetched.store, station.stationId)).toEqual(truth(station, genesis, now));
  }
};

describe("fresh hours of several stations by one request", () => {
  it.each([
    ["a refusal", status(400), /status 400/],
    ["no list", changed(() => '{"status":"error"}'), /is not a list of reports/],
    ["a reply cut off", changed((body) => body.subarray(0, body.length / 2)), /is cut off or not JSON/],
  ])("%s is asked again without the one that is to blame, which is told", async (_, fault, reason) => {
    poisonedBy("KJFK", fault);
    const before = fetched.noaa.log.length;
    const summary = await fetchThree(243 + 7 / 60);
    expect(idsAsked(before)).toEqual(["KORD,KJFK,EBBR", "KORD,KJFK", "KORD", "KJFK", "EBBR"]);
    await known(243);
    expect(summary.failures).toMatchObject([
      { source: "awc", stationId: kennedy.stationId, message: expect.stringMatching(reason) },
    ]);
    expect(await query("SELECT stationId, \"check\" FROM quarantine WHERE source = 'awc'")).toEqual([
      { stationId: kennedy.stationId, check: "file" },
    ]);
    // The next hour it is asked for apart, and does not cost the others a second request.
    const next = fetched.noaa.log.length;
    await fetchThree(244 + 7 / 60);
    expect(idsAsked(next)).toEqual(["KORD,EBBR", "KJFK"]);
    await known(244);
    fetched.noaa.fault = () => undefined;
    expect(await fetchThree(245 + 7 / 60)).toMatchObject({ failures: [] });
    const after = fetched.noaa.log.length;
    await fetchThree(246 + 7 / 60);
    expect(idsAsked(after)).toEqual(["KORD,KJFK,EBBR"]);
  });

  it("an answer without some that had reports before is asked again for those", async () => {
    poisonedBy("KJFK", status(204));
    const before = fetched.noaa.log.length;
    await fetchThree(243 + 7 / 60);
    expect(idsAsked(before)).toEqual(["KORD,KJFK,EBBR", "KORD,KJFK", "KORD", "KJFK", "EBBR"]);
    await known(243);
    fetched.noaa.fault = (path) =>
      path.includes("ids=KORD,EBBR")
        ? (_, response, body) => {
            const rows = JSON.parse(String(body)) as { icaoId: string }[];
            response.writeHead(200).end(JSON.stringify(rows.filter(({ icaoId }) => icaoId === "KORD")));
          }
        : undefined;
    const next = fetched.noaa.log.length;
    await fetchThree(244 + 7 / 60);
    expect(idsAsked(next)).toEqual(["KORD,EBBR", "EBBR", "KJFK"]);
    await known(244);
  });

  describe("forty of them, of which many are refused,", () => {
    const forty = Array.from({ length: 40 }, (_, i): Station => {
      const icao = `X${String(i).padStart(3, "0")}`;
      const place = { latitude: null, longitude: null, elevationM: null };
      return { stationId: `XXI0000${icao}`, icao, name: icao, isdId: null, ...place };
    });
    const ask = async () => {
      fetched.noaa.now = genesis + start * hourMs;
      const before = fetched.noaa.log.length;
      const summary = await fetchStations(fetched.store, config(), forty, {
        genesis: fetched.noaa.now - 2 * hourMs,
        runId: "run",
        report: silentReport,
        http: shortWaits,
        clock: { now: () => fetched.noaa.now, replaying: false },
      });
      return { failures: summary.failures.filter(({ source }) => source === "awc"), asked: idsAsked(before) };
    };

    it("take few requests when the service rejects all of them, and each rejected id is reported", async () => {
      fetched.noaa.fault = (path) => (path.includes("ids=X") ? status(400) : undefined);
      const { failures, asked } = await ask();
      expect(asked.length).toBeLessThan(20);
      const lines = failureLines(failures);
      expect(lines.filter((line) => /ids=(X\d+)&.*: status 400 \(\1\)$/.test(line)).length).toBeGreaterThan(1);
      expect(lines.filter((line) => /: status 400 \(\d+ requests\)$/.test(line))).toHaveLength(1);
      expect(lines.length).toBeLessThan(6);
    });

    it("take a stated number of requests at most, and the others have their answers", async () => {
      const rows = (ids: string) =>
        ids.split(",").map((icaoId) => ({ icaoId, obsTime: fetched.noaa.now / 1000 - 900, temp: 9 }));
      fetched.noaa.fault = (path) => {
        const ids = /ids=([X\d,]+)/.exec(path)?.[1];
        if (!ids) return undefined;
        return /\d[13579]\b/.test(ids) ? status(400) : (_, response) => response.end(JSON.stringify(rows(ids)));
      };
      const { asked } = await ask();
      expect(asked.length).toBeLessThanOrEqual(2 + 2 * 32);
      const [{ n }] = await query<{ n: number }>(
        "SELECT count(DISTINCT stationId)::INTEGER AS n FROM hours WHERE stationId LIKE 'XXI%'",
      );
      expect(n).toBeGreaterThan(10);
    });
  });

  it.each([
    ["in trouble", status(500), 4],
    ["busy", status(429), 4],
    ["closed to us", status(403), 1],
  ])("is not asked for apart where the service is %s", async (_, fault, requests) => {
    poisonedBy("", fault);
    const before = fetched.noaa.log.length;
    await fetchThree(243 + 7 / 60);
    expect(idsAsked(before)).toEqual(new Array(requests).fill("KORD,KJFK,EBBR"));
  });
});
