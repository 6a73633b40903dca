import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deleteOldRows } from "../../src/data/store/deleteOldRows.js";
import { timestamp } from "../../src/data/store/store.js";
import { silentReport } from "../../src/shared/progress.js";
import { hourMs } from "../../src/shared/time.js";
import { brokenAnswers } from "../support/brokenAnswers.js";
import { useFetchedStore } from "../support/fetchedStore.js";
import { fetchAt, fetchLive, impatientWaits, liveConfig, shortWaits, stored, truth } from "../support/liveRun.js";
import { dated, silence, stall, status } from "../support/loopbackNoaa.js";
import { replayedWeather } from "../support/replayedWeather.js";
import { officialForecast } from "../support/replayNoaa.js";
import { type ServiceName, type Spoiled, services, spoiledAnswers } from "../support/spoiledAnswers.js";

const genesis = Date.UTC(2026, 2, 1);
const ohare = replayedWeather("KORD", genesis, 9 * 24);
const stations = [ohare];
const icaos = ["KORD"];
const at = (hours: number) => ({ genesis, now: genesis + hours * hourMs, icaos });
/** Two days ahead of what GHCNh has, so that every service is needed. */
const start = 6 * 24 + 11.6;

const fetched = useFetchedStore(stations, at(start));

const fetchAfter = (hours: number, http = shortWaits) =>
  fetchAt(fetched.store, liveConfig(fetched.home, fetched.noaa), fetched.noaa, { ...at(hours), http });

/** What is stored of the official forecasts, by station, time of the forecast's last change and valid hour, in °C. */
async function storedForecasts(): Promise<Record<string, number>> {
  const rows = await fetched.store.all<{ key: string; temperatureC: number }>(
    `SELECT concat_ws(' ', stationId, epoch_ms(runTime), epoch_ms(issuedTime + to_hours(leadHours))) AS key, temperatureC
     FROM guidanceSeen WHERE temperatureC IS NOT NULL`,
  );
  return Object.fromEntries(rows.map(({ key, temperatureC }) => [key, temperatureC]));
}

/** What the service said at these hours, as `storedForecasts` has it. */
function saidForecasts(hours: readonly number[]): Record<string, number> {
  const entries = stations.flatMap((station) =>
    hours.flatMap((hour) => {
      const { updateTime, periods } = officialForecast(station, genesis + hour * hourMs).properties;
      const key = (time: string) => [station.stationId, Date.parse(updateTime), Date.parse(time)].join(" ");
      return periods.map(({ startTime, temperature }) => [key(startTime), temperature] as const);
    }),
  );
  return Object.fromEntries(entries);
}

/** Under which name what is wrong with a service is recorded. */
const recordedAs = (service: ServiceName) => (service === "official" ? "nws" : service);

/** Everything recorded that tells of something being wrong. */
async function reasons(): Promise<string[]> {
  const rows = await fetched.store.all<{ reason: string }>(
    `SELECT concat_ws(' ', source, "column", "check", value) AS reason FROM quarantine
     UNION SELECT concat_ws(' ', source, status, message) FROM requests WHERE message IS NOT NULL`,
  );
  return rows.map(({ reason }) => reason);
}

/** For how many hours each station's official forecast is known that was saved at the end of a test. */
async function newestLeads(): Promise<number[]> {
  // The service changes it every six hours.
  const time = timestamp(Math.floor((genesis / hourMs + start + 27.1) / 6) * 6 * hourMs);
  expect(
    await fetched.store.all("SELECT DISTINCT max(issuedTime) = $time AS known FROM guidanceRuns", { time }),
  ).toEqual([{ known: true }]);
  const rows = await fetched.store.all<{ n: number }>(
    `SELECT count(*)::INTEGER AS n FROM (
       SELECT *, issuedTime + to_hours(leadHours) AS validTime FROM guidance
       QUALIFY row_number() OVER (PARTITION BY stationId, validTime ORDER BY issuedTime DESC) = 1)
     WHERE validTime > $time AND temperatureC IS NOT NULL GROUP BY stationId`,
    { time },
  );
  return rows.map(({ n }) => n);
}

/** Services that fail at the same time. The official forecasts are nothing to the observations. */
const failing: ServiceName[][] = [["ghcnh"], ["awc", "official"], ["nws"]];

describe.each(failing.map((together) => ({ together, names: together.join(" and ") })))(
  "$names answering with",
  ({ together }) => {
    it.each(brokenAnswers)(
      "%s is recorded, and the run goes on and heals",
      async (_, fault, reason) => {
        const isOfNws = together.includes("nws");
        fetched.noaa.fault = (path) => {
          if (together.some((service) => services[service](path))) return fault;
          // NWS is asked only for what AWC does not have.
          return isOfNws && services.awc(path) ? status(204) : undefined;
        };
        // A new version of the files, and eight new hours.
        const summary = await fetchAfter(start + 24, [silence, stall].includes(fault) ? impatientWaits : shortWaits);
        for (const service of together) {
          expect((await reasons()).filter((text) => text.startsWith(recordedAs(service)))).toEqual(
            expect.arrayContaining([expect.stringMatching(reason)]),
          );
          const failed = service === "official" ? "officialForecast" : service;
          expect(summary.failures.filter(({ source }) => source === failed).length).toBeGreaterThan(0);
        }
        expect(saidForecasts([start, start + 24])).toMatchObject(await storedForecasts());
        const now = genesis + (start + 24) * hourMs;
        const known = await stored(fetched.store, ohare.stationId);
        // What is stored is true, and what the other services have is there.
        const newest = isOfNws ? now - 36 * hourMs : now;
        expect(truth(ohare, genesis, now)).toMatchObject(known);
        expect(known).toMatchObject(truth(ohare, genesis, newest));
        fetched.noaa.fault = () => undefined;
        await fetchAfter(start + 27.1);
        for (const station of stations) {
          expect(await stored(fetched.store, station.stationId)).toEqual(
            truth(station, genesis, genesis + (start + 27.1) * hourMs),
          );
        }
        expect(await newestLeads()).toEqual([96]);
      },
      60_000,
    );
  },
);

/** Each answer with observations, those of GHCNh together with one of the official forecasts. */
function spoiledTogether(): { answers: Spoiled[]; names: string }[] {
  const forecasts = spoiledAnswers.filter(({ service }) => service === "official");
  const together = spoiledAnswers.flatMap((answer) => {
    if (answer.service === "official") return [];
    return [answer.service === "ghcnh" ? [answer, ...forecasts.splice(0, 1)] : [answer]];
  });
  expect(forecasts).toEqual([]);
  return together.map((answers) => ({
    answers,
    names: answers.map(({ service, name }) => `${service} with ${name}`).join(", "),
  }));
}

describe("what is good of an answer is used:", () => {
  it.each(spoiledTogether())("$names", async ({ answers }) => {
    const isOfNws = answers.some(({ service }) => service === "nws");
    fetched.noaa.fault = (path) => {
      const spoiled = answers.find(({ service }) => services[service](path));
      return spoiled?.fault ?? (isOfNws && services.awc(path) ? status(204) : undefined);
    };
    await fetchAfter(start + 24);
    for (const { service, reason } of answers) {
      expect((await reasons()).filter((text) => text.startsWith(recordedAs(service)))).toEqual(
        expect.arrayContaining([expect.stringMatching(reason)]),
      );
    }
    expect(saidForecasts([start, start + 24])).toMatchObject(await storedForecasts());
    for (const station of stations) {
      const now = genesis + (start + 24) * hourMs;
      expect(truth(station, genesis, now)).toMatchObject(await stored(fetched.store, station.stationId));
    }
    fetched.noaa.fault = () => undefined;
    await fetchAfter(start + 27.1);
    for (const station of stations) {
      const now = genesis + (start + 27.1) * hourMs;
      expect(await stored(fetched.store, station.stationId)).toEqual(truth(station, genesis, now));
    }
    expect(saidForecasts([start, start + 24, start + 27.1])).toMatchObject(await storedForecasts());
    expect(await newestLeads()).toEqual([96]);
  });
});

/** Can't be made a text, which the checks of a row do not expect. */
const textless = { toString: 1, valueOf: 1 };

it.each<[ServiceName, unknown]>([
  ["awc", [{ icaoId: "KORD", obsTime: textless }]],
  ["nws", { features: [{ properties: { timestamp: textless, rawMessage: "METAR KORD" } }] }],
])("what nobody thought of in an answer of %s is recorded, and nothing is left of it", async (service, answer) => {
  fetched.noaa.fault = (path) => {
    if (services[service](path)) return (_, response) => response.writeHead(200).end(JSON.stringify(answer));
    return service === "nws" && services.awc(path) ? status(204) : undefined;
  };
  await fetchAfter(start + 24);
  expect((await reasons()).filter((reason) => reason.startsWith(service))).not.toEqual([]);
  const left = readdirSync(join(fetched.home, "raw", service));
  expect(left).toEqual([]);
});

it("a server's wrong clock is reported and loses nothing", async () => {
  fetched.noaa.fault = (path) => (services.awc(path) ? dated(-2 * hourMs) : undefined);
  await fetchAfter(start + 1);
  expect(await reasons()).toEqual([
    expect.stringMatching(/^awc 200 the clock of .* is 7\d\d\d s behind this machine's$/),
  ]);
  expect(await stored(fetched.store, ohare.stationId)).toEqual(truth(ohare, genesis, genesis + (start + 1) * hourMs));
});

it("a server's wrong clock is reported once per host, however often it answers", async () => {
  fetched.noaa.fault = (path) => (services.official(path) ? dated(2 * hourMs) : undefined);
  const warnings: string[] = [];
  const report = { ...silentReport, warn: (message: string) => void warnings.push(message) };
  fetched.noaa.now = genesis + (start + 7) * hourMs;
  await fetchLive(fetched.store, liveConfig(fetched.home, fetched.noaa), { ...at(start + 7), report });
  expect((await reasons()).filter((reason) => reason.includes("ahead of")).length).toBeGreaterThan(0);
  expect(warnings.filter((warning) => warning.includes("the clock of"))).toHaveLength(1);
});

it("an unusable reply is reported for a week", async () => {
  const failures = async () =>
    (await fetched.store.all<{ source: string }>(`SELECT source FROM quarantine WHERE "check" = 'file'`)).map(
      ({ source }) => source,
    );
  fetched.noaa.fault = (path) => (services.awc(path) || services.nws(path) ? status(403) : undefined);
  await fetchAfter(start + 1);
  expect(await failures()).toEqual(expect.arrayContaining(["awc", "nws"]));
  fetched.noaa.fault = () => undefined;
  const forgetAfter = (hours: number) => deleteOldRows(fetched.store, genesis + (start + 1 + hours) * hourMs);
  await forgetAfter(7 * 24);
  expect(await failures()).toEqual(expect.arrayContaining(["awc", "nws"]));
  await forgetAfter(7 * 24 + 1);
  expect(await failures()).toEqual([]);
});

it("a machine's clock that is behind leaves what is not yet observed for later", async () => {
  // Ours says an hour ago; the services answer now.
  const now = start + 3;
  fetched.noaa.now = genesis + now * hourMs;
  await fetchLive(fetched.store, liveConfig(fetched.home, fetched.noaa), at(now - 1));
  const known = await stored(fetched.store, ohare.stationId);
  expect(known).toEqual(truth(ohare, genesis, genesis + (now - 1) * hourMs));
  expect(await reasons()).toEqual(expect.arrayContaining([expect.stringMatching(/^awc date future/)]));
  await fetchAfter(now);
  expect(await stored(fetched.store, ohare.stationId)).toEqual(truth(ohare, genesis, genesis + now * hourMs));
  expect(await reasons()).toEqual([]);
});
