import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store, timestamp } from "../../../src/data/store/store.js";
import { countCorrections } from "../../../src/pipeline/train/relearn.js";
import { verifyStations } from "../../../src/pipeline/verify/verify.js";
import { missing } from "../../model/support/series.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, configOf, fastExperts, history, learned, storeHours, trainTo as train } from "../../support/training.js";

const station = "USW00000001";
const hours = 120;
/** The values first seen and as known later: one corrected, one withdrawn, one late. */
const [corrected, withdrawn, late] = [40, 55, 61] as const;
const seen = history(hours, 4).map((row, i) => (i === late ? missing : row));
const known = seen.map((row, i) => {
  if (i === withdrawn) return missing;
  return i === corrected ? row.map((value, k) => (k === 0 ? value + 3 : value)) : row;
});
const lateRow = history(hours, 4)[late]!;

const trainTo: typeof train = (store, home, stationIds, hour, options) =>
  train(store, home, stationIds, hour, { experts: fastExperts, ...options });

let home: string;
let store: Store;
beforeEach(async () => {
  ({ home, store } = await newStore());
});
afterEach(() => store.close());

async function newStore() {
  const home = await temporaryFolder();
  return { home, store: await openStore(home) };
}

/** Learns the values first seen, then stores the corrections. */
async function learnAndCorrect() {
  await storeHours(store, station, seen.slice(0, 100));
  await trainTo(store, home, [station], 99);
  await store.run("UPDATE hours SET value = NULL, corrections = 1 WHERE validTime = $time", {
    time: timestamp(at(withdrawn)),
  });
  await correct(3);
  await storeHours(store, station, [lateRow], late);
}

async function correct(by: number) {
  await store.run(
    "UPDATE hours SET value = firstValue + $by, corrections = 1 WHERE validTime = $time AND variable = 'temperature'",
    { by, time: timestamp(at(corrected)) },
  );
}

const trainRelearning = (hour: number) => trainTo(store, home, [station], hour, { relearn: new Set([station]) });

/** What is learned if everything is known from the beginning. */
async function learnedFrom(rows: readonly Float64Array[], hour: number) {
  const other = await newStore();
  await storeHours(other.store, station, rows);
  await trainTo(other.store, other.home, [station], hour);
  const result = await learned(other.store, station);
  other.store.close();
  return result;
}

const asKnown = known.map((row, i) => (i === late ? lateRow : row));

describe("relearning", () => {
  it("learns corrected, withdrawn and late values as if they had always been known", async () => {
    await learnAndCorrect();
    const before = await learned(store, station);
    const valuesLate = lateRow.filter((value) => !Number.isNaN(value)).length;
    const valuesWithdrawn = seen[withdrawn]!.filter((value) => !Number.isNaN(value)).length;
    expect(await countCorrections(store, station)).toEqual({ corrected: 1 + valuesWithdrawn, late: valuesLate });
    // Another hour without relearning changes nothing of it.
    await trainTo(store, home, [station], 99);
    expect(await learned(store, station)).toEqual(before);

    expect(await trainRelearning(99)).toMatchObject([{ hoursLearned: 100, throughTime: at(99) }]);
    expect(await learned(store, station)).toEqual(await learnedFrom(asKnown, 99));
    expect(await countCorrections(store, station)).toEqual({ corrected: 0, late: 0 });
    const heads = await store.all("SELECT 1 FROM snapshots WHERE parentId IS NULL");
    expect(heads).toHaveLength(1);
    // The values first seen are still stored.
    const [first] = await store.all<{ value: number }>(
      "SELECT firstValue AS value FROM hours WHERE variable = 'temperature' AND validTime = $time",
      { time: timestamp(at(corrected)) },
    );
    expect(first!.value).toBe(seen[corrected]![0]);
  });

  it("continues from what it learned, whatever is corrected later, and verifies", async () => {
    await learnAndCorrect();
    await trainRelearning(99);
    await correct(9);
    await storeHours(store, station, seen.slice(100), 100);
    await trainTo(store, home, [station], hours - 1);
    const straight = await learnedFrom(asKnown, hours - 1);
    expect((await learned(store, station)).tables).toEqual(straight.tables);
    expect(await countCorrections(store, station)).toEqual({ corrected: 1, late: 0 });
    expect(await verifyStations(store, configOf(home, fastExperts), [station])).toMatchObject([
      { hours, difference: null },
    ]);
    // After going back to an older state, training uses the relearned values, not the first seen.
    await trainTo(store, home, [station], 110);
    expect((await learned(store, station)).tables).toEqual((await learnedFrom(asKnown, 110)).tables);
  });

  it("can start at another hour", async () => {
    await learnAndCorrect();
    await trainTo(store, home, [station], 99, { relearn: new Set([station]), from: at(30) });
    const other = await newStore();
    await storeHours(other.store, station, asKnown.slice(30), 30);
    await trainTo(other.store, other.home, [station], 99, { from: at(30) });
    expect(await learned(store, station)).toEqual(await learned(other.store, station));
    other.store.close();
  });

  it("dates changed forecasts now, and unchanged ones as before", async () => {
    await storeHours(store, station, seen);
    for (const hour of [38, 39, 40, 41, 42]) await trainTo(store, home, [station], hour);
    await correct(3);
    await trainRelearning(50);
    const issues = await store.all<{ hour: number; made: number }>(
      `SELECT date_diff('hour', $genesis, issuedTime) AS hour, date_diff('hour', $genesis, madeTime) AS made FROM issues
       WHERE issuedTime BETWEEN $from AND $through ORDER BY issuedTime`,
      { genesis: timestamp(at(0)), from: timestamp(at(38)), through: timestamp(at(42)) },
    );
    const made = Object.fromEntries(issues.map((issue) => [issue.hour, issue.made]));
    expect(made[39]).toBe(39);
    expect(made[40]).toBe(50);
    expect(made[42]).toBe(50);
  });
});
