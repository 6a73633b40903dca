import { expect, onTestFinished, test } from "vitest";
import { openStore, type Store } from "../../../src/data/store/store.js";
import { type ExtremeKind, extremeKinds, windowLengths } from "../../../src/model/extremes/windows.js";
import { quantileNames } from "../../../src/model/vocabulary.js";
import { eveningEnds, isEvening } from "../../../src/pipeline/replay/eveningForecast.js";
import { eveningsFrom } from "../../../src/pipeline/train/evenings.js";
import { verifyStations } from "../../../src/pipeline/verify/verify.js";
import { hourMs, standardOffset } from "../../../src/shared/time.js";
import { eveningName } from "../../../src/shared/words/evenings.js";
import { missing } from "../../model/support/series.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import {
  at,
  configOf,
  fastExperts,
  genesis,
  history,
  storeGuidance,
  storeHours,
  trainTo as train,
} from "../../support/training.js";

const station = "USW00000001";
/** The station has no time zone: evenings are at 18 UTC, so many hours after genesis. */
const [last, live, through] = [137, 138, 170];
/** Three hours of the night before the last replayed one are missing. */
const rows = history(through + 1, 10).map((row, hour) => (hour >= 95 && hour < 98 ? missing : row));
/** Guidance every 6 hours, colder with each lead; from 126 on imported too, which is no live guidance. */
const saidC = (issued: number, lead: number) => 10 - ((issued + 3 * lead) % 25) / 2;

const trainTo: typeof train = (store, home, stationIds, hour, options) =>
  train(store, home, stationIds, hour, { experts: fastExperts, ...options });

interface Evening {
  hour: number;
  kind: ExtremeKind;
  end: number;
  live: boolean;
  digest: string;
  quantiles: number[];
  persistenceC: number | null;
  nwsC: number | null;
  nbmC: number | null;
  truthC: number | null;
  hoursMissing: number | null;
}

const eveningsOf = async (store: Store) =>
  store.all<Evening>(
    `SELECT (epoch_ms(issuedTime)::DOUBLE - ${genesis}) / ${hourMs} AS hour, kind,
       (epoch_ms(endTime)::DOUBLE - ${genesis}) / ${hourMs} AS "end", madeTime < issuedTime + INTERVAL 1 HOUR AS live, digest,
       to_json([${quantileNames}])::VARCHAR AS quantiles, persistenceC, nwsC, nbmC, truthC, hoursMissing
     FROM evenings ORDER BY issuedTime, kind DESC`,
  );

/** An evening's row by a simple loop over the hours, the guidance and the stored forecasts of all hours. */
async function expected(store: Store, hour: number, kind: ExtremeKind, learned: number) {
  const end = kind === "low" ? hour + 15 : hour + 27;
  const [start, pastStart, pastEnd] = kind === "low" ? [hour, hour - 24, hour - 9] : [hour + 15, hour - 9, hour];
  const extreme = (from: number, to: number, valueAt: (hour: number) => number) => {
    const values = Array.from({ length: to - from + 1 }, (_, i) => valueAt(from + i));
    const known = values.filter((value) => !Number.isNaN(value));
    if (values.length - known.length > 1) return { value: null, hoursMissing: values.length - known.length };
    const value = kind === "low" ? Math.min(...known) : Math.max(...known);
    return { value: Math.round(value * 10) / 10, hoursMissing: values.length - known.length };
  };
  const observed = (h: number) => rows[h]?.[0] ?? Number.NaN;
  // Runs are used from the hour after they were public.
  const run = Math.floor((hour - 1) / 6) * 6;
  const truth = extreme(start, end, observed);
  const [issued] = await store.all<{ quantiles: string }>(
    `SELECT to_json([${quantileNames}])::VARCHAR AS quantiles FROM extremes
     WHERE epoch_ms(issuedTime) = $time AND kind = $kind AND epoch_ms(endTime) = $end`,
    { time: at(hour), kind, end: at(end) },
  );
  return {
    hour,
    kind,
    end,
    quantiles: issued!.quantiles,
    persistenceC: extreme(Math.max(0, pastStart), pastEnd, observed).value,
    nwsC: extreme(start, end, (h) => (h === hour ? observed(h) : saidC(run, h - run))).value,
    nbmC: hour > live ? extreme(start, end, (h) => (h === hour ? observed(h) : 1)).value : null,
    truthC: end <= learned ? truth.value : null,
    hoursMissing: end <= learned ? truth.hoursMissing : null,
  };
}

async function newStore() {
  const home = await temporaryFolder();
  const store = await openStore(home);
  onTestFinished(() => store.close());
  await storeHours(store, station, rows);
  for (let hour = 0; hour < through; hour += 6) {
    await storeGuidance(store, station, hour, 60, (lead) => saidC(hour, lead));
    if (hour >= 126) await storeGuidance(store, station, hour, 60, () => 1, { source: "nbm", imported: true });
  }
  return { home, store };
}

test("evenings are as forecast and as they came, filled in once, and those that were live stay when relearned", async () => {
  const { home, store } = await newStore();
  await trainTo(store, home, [station], last);
  await trainTo(store, home, [station], live);
  const pending = await eveningsOf(store);
  const ofLive = pending.filter((row) => row.live);
  expect(ofLive.map(({ hour, kind }) => [hour, kind])).toEqual(extremeKinds.map((kind) => [live, kind]));
  expect(
    ofLive.every(({ truthC, hoursMissing, nbmC }) => truthC === null && hoursMissing === null && nbmC === null),
  ).toBe(true);
  await trainTo(store, home, [station], through);
  const evenings = await eveningsOf(store);
  expect(evenings.filter((row) => row.live)).toHaveLength(2);
  for (const row of evenings) {
    expect(row).toMatchObject(await expected(store, row.hour, row.kind, through));
  }
  // All kinds of rows are among them.
  const undecided = evenings.find(({ hour, kind }) => hour === 90 && kind === "low")!;
  expect(undecided).toMatchObject({ truthC: null, hoursMissing: 3 });
  expect(evenings.filter(({ hoursMissing }) => hoursMissing === null)).toHaveLength(2);
  expect(evenings.length).toBeGreaterThan(8);
  const [verified] = await verifyStations(store, configOf(home, fastExperts), [station]);
  expect(verified).toMatchObject({ difference: null, ledgerDifference: null });

  // The night after the live evening is corrected, and all is learned again.
  await store.run(
    `UPDATE hours SET value = firstValue - 8, corrections = 1
     WHERE variable = 'temperature' AND epoch_ms(validTime) BETWEEN ${at(20)} AND ${at(live + 8)}`,
  );
  await trainTo(store, home, [station], through, { relearn: new Set([station]) });
  const relearned = await eveningsOf(store);
  const isLive = ({ hour }: Evening) => hour === live;
  expect(relearned.filter(isLive)).toEqual(evenings.filter(isLive));
  const digests = (all: Evening[]) => all.filter((row) => !row.live && row.hour > 20).map(({ digest }) => digest);
  expect(digests(relearned)).toHaveLength(digests(evenings).length);
  expect(digests(relearned).filter((digest) => digests(evenings).includes(digest))).toEqual([]);

  // A run at an earlier clock forgets what was replayed after it, and what came of it.
  await trainTo(store, home, [station], 120);
  const back = await eveningsOf(store);
  expect(back.filter(isLive)).toEqual(evenings.filter(isLive));
  expect(back.filter((row) => !row.live && (row.hour > 120 || (row.end > 120 && row.hoursMissing !== null)))).toEqual(
    [],
  );
});

test("an evening is the first hour of the night in standard time, on its own date, on days when clocks change too", () => {
  for (const [zone, utcOffset] of [
    ["America/New_York", -5],
    ["Australia/Sydney", 10],
    ["Asia/Kolkata", 6],
    ["America/St_Johns", -3],
  ] as const) {
    expect(Math.abs(standardOffset(genesis, zone) / hourMs - utcOffset)).toBeLessThanOrEqual(0.5);
    for (const change of ["2020-03-08", "2020-04-05", "2020-10-04", "2020-11-01"]) {
      const noon = Date.parse(`${change}T12:00Z`) / hourMs;
      const evenings = Array.from({ length: 72 }, (_, i) => noon - 36 + i).filter((hour) => isEvening(hour, utcOffset));
      expect(evenings).toHaveLength(3);
      for (const hour of evenings) {
        const local = new Date((hour + utcOffset) * hourMs).toISOString();
        expect(local.slice(11, 13)).toBe("18");
        expect(eveningEnds(hour, utcOffset)).toEqual([hour + 15, hour + 27]);
        expect(eveningName(hour * hourMs, zone)).toBe(local.slice(0, 10));
      }
    }
  }
  expect(windowLengths).toEqual([15, 12]);
  const from = eveningsFrom(Date.UTC(2025, 7, 31, 23) / hourMs);
  expect(new Date(from * hourMs).toISOString()).toBe("2024-08-01T00:00:00.000Z");
});
