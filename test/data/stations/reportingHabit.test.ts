import { afterEach, describe, expect, it } from "vitest";
import { isUsualHour, nextDueTime, reportedHours, reportedShare } from "../../../src/data/stations/reportingHabit.js";
import { train } from "../../../src/pipeline/update.js";
import { verifyStations } from "../../../src/pipeline/verify/verify.js";
import { silentReport } from "../../../src/shared/progress.js";
import { dayMs, hourMs, minuteMs } from "../../../src/shared/time.js";
import { fetchAt, liveConfig, stored, truth } from "../../support/liveRun.js";
import { status } from "../../support/loopbackNoaa.js";
import { replayedWeather } from "../../support/replayedWeather.js";
import { type ReplayedStation, type ReplayNoaa, startReplay } from "../../support/replayNoaa.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

const day = Date.UTC(2026, 4, 1);

/** Every hour of so many days before `day` at whose hour of the day the station reports. */
function reports(days: number, isReported: (hourOfDay: number) => boolean): Set<number> {
  const hours = Array.from({ length: days * 24 }, (_, i) => day - (i + 1) * hourMs);
  return new Set(hours.filter((time) => isReported(new Date(time).getUTCHours())));
}
const hoursOfDay = Array.from({ length: 24 }, (_, hour) => hour);
const usual = (observed: ReadonlySet<number>, from = day) =>
  hoursOfDay.filter((hour) => isUsualHour(observed, from + hour * hourMs));

describe("a station's usual hours", () => {
  it("are those at which it reports on most days", () => {
    expect(usual(reports(20, () => true))).toEqual(hoursOfDay);
    expect(usual(reports(20, (hour) => hour % 3 === 0))).toEqual([0, 3, 6, 9, 12, 15, 18, 21]);
    expect(usual(reports(20, (hour) => hour % 6 === 0))).toEqual([0, 6, 12, 18]);
    expect(usual(reports(20, (hour) => hour >= 6 && hour <= 18))).toEqual(hoursOfDay.slice(6, 19));
    const seldom = reports(20, (hour) => hour % 3 === 0);
    for (const days of [2, 5, 9]) seldom.add(day - days * dayMs + hourMs);
    expect(usual(seldom)).not.toContain(1);
    expect(reportedShare(seldom, day + hourMs)).toBe(3 / 14);
    expect(reportedHours(seldom, day - 3 * hourMs)).toBe(9);
  });

  it("are all hours while nothing is known: without a report, at first, and after an outage", () => {
    expect(usual(new Set())).toEqual(hoursOfDay);
    expect(usual(new Set([day - hourMs, day - 2 * hourMs]))).toEqual(hoursOfDay);
    const before = [...reports(10, (hour) => hour % 3 === 0)].map((time) => time - 20 * dayMs);
    expect(usual(new Set([...before, day - hourMs]))).toEqual(hoursOfDay);
    // The days of an outage say nothing about the hours before it.
    const shortly = new Set(
      [...reports(12, () => true)].filter((time) => time < day - 10 * dayMs || time >= day - hourMs),
    );
    expect(usual(shortly)).toEqual(hoursOfDay);
    expect(usual(reports(2, (hour) => hour % 3 === 0))).toEqual([0, 3, 6, 9, 12, 15, 18, 21]);
  });

  it("determine when the next report is due", () => {
    const due = (isReported: (hour: number) => boolean) => {
      const observed = reports(20, isReported);
      const newest = Math.max(...observed);
      return [newest, nextDueTime(observed, newest)].map((time) => new Date(time).getUTCHours());
    };
    expect(due(() => true)).toEqual([23, 0]);
    expect(due((hour) => hour % 3 === 0)).toEqual([21, 0]);
    expect(due((hour) => hour % 6 === 0)).toEqual([18, 0]);
    expect(due((hour) => hour >= 6 && hour <= 18)).toEqual([18, 6]);
    expect(nextDueTime(new Set([day]), day)).toBe(day + hourMs);
  });
});

const genesis = Date.UTC(2026, 2, 1);
const start = 15 * 24;
const temporary = useTemporaryStore();
let noaa: ReplayNoaa;

/** A station that reports at these hours (since genesis) only. */
async function startWith(isReported: (hour: number) => boolean): Promise<ReplayedStation> {
  const all = replayedWeather("KORD", genesis, start + 48);
  const observed = all.observed.filter(
    ({ time, isSpecial }) => !isSpecial && isReported(Math.round((time - genesis) / hourMs)),
  );
  const station = { ...all, observed };
  noaa = await startReplay([station], genesis);
  return station;
}

function config() {
  const live = liveConfig(temporary.home, noaa);
  return { ...live, model: { ...live.model, experts: ["persistence" as const] } };
}

/** Fetches and learns, as an update does so many hours after genesis. */
async function updateAfter(hours: number): Promise<void> {
  const now = genesis + hours * hourMs;
  expect(await fetchAt(temporary.store, config(), noaa, { genesis, now, icaos: ["KORD"] })).toMatchObject({
    failures: [],
  });
  const run = {
    runId: String(hours),
    config: config(),
    clock: { now: () => now, replaying: false },
    store: temporary.store,
  };
  await train({ ...run, report: silentReport }, { station: ["KORD"], from: genesis });
}

/** The hours after `start` of which forecasts were issued, and how many minutes later each was made. */
async function issuedAfter(from = start): Promise<[hour: number, minutes: number][]> {
  const rows = await temporary.store.all<{ issued: number; made: number }>(
    `SELECT epoch_ms(issuedTime)::DOUBLE AS issued, epoch_ms(madeTime)::DOUBLE AS made FROM issues
     WHERE issuedTime > make_timestamp(${genesis + from * hourMs}000::BIGINT) ORDER BY issued`,
  );
  return rows.map(({ issued, made }) => [(issued - genesis) / hourMs - from, (made - issued) / minuteMs]);
}

const asked = (what: RegExp) => noaa.log.filter(({ path }) => what.test(path)).length;
const minutes = (n: number) => n / 60;

describe("hourly updates", () => {
  afterEach(() => noaa.close());

  it("forecast on time from every report of a station that reports every three hours, without other requests", async () => {
    const station = await startWith((hour) => hour % 3 === 0);
    await updateAfter(start + minutes(15));
    const before = { awc: asked(/metar/), nws: asked(/observations/) };
    for (let hour = 1; hour <= 6; hour++) await updateAfter(start + hour + minutes(15));
    expect(await issuedAfter()).toEqual([3, 6].map((hour) => [hour, 15]));
    expect(asked(/metar/) - before.awc).toBe(2);
    expect(asked(/observations/) - before.nws).toBe(0);
    const through = genesis + (start + 6) * hourMs;
    expect(await stored(temporary.store, station.stationId)).toEqual(truth(station, genesis, through));
    expect(await verifyStations(temporary.store, config(), [station.stationId])).toMatchObject([
      { difference: null, ledgerDifference: null },
    ]);
  });

  it("forecast on time in the hour after a missing report, and store it as late when it comes", async () => {
    const station = await startWith(() => true);
    const missing = genesis + (start + 2) * hourMs;
    for (let hour = 0; hour <= 4; hour++) {
      noaa.fault = (path) =>
        path.startsWith("api/data/metar")
          ? (_, response, body) => {
              const rows = JSON.parse(String(body)) as { obsTime: number }[];
              const isThere = ({ obsTime }: { obsTime: number }) =>
                hour > 3 || Math.abs(obsTime * 1000 - missing) > hourMs / 2;
              response.writeHead(200).end(JSON.stringify(rows.filter(isThere)));
            }
          : path.includes("observations")
            ? status(404)
            : undefined;
      await updateAfter(start + hour + minutes(5));
    }
    expect(await issuedAfter()).toEqual([1, 3, 4].map((hour) => [hour, 5]));
    const late = await temporary.store.all(
      "SELECT DISTINCT epoch_ms(validTime)::DOUBLE AS time FROM corrections WHERE late",
    );
    expect(late).toEqual([{ time: missing }]);
    expect(await stored(temporary.store, station.stationId)).toEqual(
      truth(station, genesis, genesis + (start + 4) * hourMs),
    );
  });

  it("learn every report of a station that starts to report at more hours, and soon request them", async () => {
    const station = await startWith((hour) => hour % 6 === 0 || hour > start);
    for (const hour of [0, 5, 6, 12, 18, 23, 24, 25, 26]) await updateAfter(start + hour + minutes(5));
    const through = genesis + (start + 26) * hourMs;
    expect(await stored(temporary.store, station.stationId)).toEqual(truth(station, genesis, through));
    expect(await temporary.store.all("FROM corrections WHERE late")).toEqual([]);
    // Requests at its old hours bring the new ones, which are requested from the next day on.
    const issued = await issuedAfter();
    expect(issued.map(([hour]) => hour)).toEqual(Array.from({ length: 26 }, (_, i) => i + 1));
    expect(issued.filter(([, late]) => late < 60).map(([hour]) => hour)).toEqual([6, 12, 18, 24, 25, 26]);
  });

  it("learn the same whether they run every hour or once in many", async () => {
    const station = await startWith((hour) => hour % 24 >= 6 && hour % 24 <= 18 && hour % 24 !== 9);
    for (let hour = 5; hour <= 11; hour++) await updateAfter(start + hour + minutes(5));
    const digests = () =>
      temporary.store.all(`SELECT issuedTime, digest FROM issues WHERE stationId = '${station.stationId}' ORDER BY 1`);
    const [hourly, issued] = [await digests(), await issuedAfter()];
    expect(issued).toEqual([6, 7, 8, 10, 11].map((hour) => [hour, 5]));
    await temporary.store.run("UPDATE hours SET learned = false");
    for (const table of ["issues", "snapshots", "forecasts", "ledger"])
      await temporary.store.run(`DELETE FROM ${table}`);
    await updateAfter(start + 11 + minutes(5));
    expect(await digests()).toEqual(hourly);
  });
});
