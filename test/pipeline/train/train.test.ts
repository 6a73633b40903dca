import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, type Store, timestamp } from "../../../src/data/store/store.js";
import { uniform } from "../../../src/model/arithmetic/deterministicMath.js";
import { comparedBaselines, reportedLeads } from "../../../src/model/vocabulary.js";
import { snapshotPath } from "../../../src/pipeline/train/snapshotFile.js";
import { trainStations } from "../../../src/pipeline/train/train.js";
import { hourMs } from "../../../src/shared/time.js";
import { missing, observed } from "../../model/support/series.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import {
  at,
  atHoursOf,
  configOf,
  fastExperts,
  genesis,
  history,
  type Learned,
  learned,
  storeHours,
  trainTo as train,
} from "../../support/training.js";

const [first, second] = ["USW00000001", "USW00000002"] as const;
const hours = 300;
const series = { [first]: history(hours, 1), [second]: history(90, 3) };

const opened: Store[] = [];

const trainTo: typeof train = (store, home, stationIds, hour, options) =>
  train(store, home, stationIds, hour, { experts: fastExperts, ...options });

/** A new store with the histories of stations, not trained yet. */
async function newStore(...stationIds: (keyof typeof series)[]) {
  const home = await temporaryFolder();
  const store = await openStore(home);
  opened.push(store);
  for (const stationId of stationIds) await storeHours(store, stationId, series[stationId]);
  return { home, store };
}

const stateFiles = (home: string, stationId: string) => readdirSync(join(home, "snapshots", stationId)).sort();
const keptFiles = ({ snapshots }: Learned) =>
  Object.values(snapshots)
    .filter((id) => id.endsWith("*"))
    .map((id) => id.replace("*", ".bin"))
    .sort();

let straight: Learned;
let straightHome: string;
beforeAll(async () => {
  const { home, store } = await newStore(first);
  straightHome = home;
  await trainTo(store, home, [first], hours);
  straight = await learned(store, first);
});
afterAll(() => {
  for (const store of opened) store.close();
});

describe("training", () => {
  it("fills every table except alarms, which need a shift, and writes the states that it records as kept", () => {
    const { alarms, ...others } = straight.tables;
    for (const [table, { rows }] of Object.entries(others)) expect(rows, table).toBeGreaterThan(0);
    const observedHours = series[first].filter(([temperatureC]) => !Number.isNaN(temperatureC!)).length;
    expect(others.issues!.rows).toBe(observedHours);
    expect(others.forecasts!.rows).toBe(observedHours * 144);
    expect(Object.keys(straight.snapshots)).toEqual([
      "2020-01-31 23:00:00",
      "2020-02-04 23:00:00",
      "2020-02-05 23:00:00",
      "2020-02-06 11:00:00",
    ]);
    expect(stateFiles(straightHome, first)).toEqual(keptFiles(straight));
  });

  it("gives the same result wherever it stopped, also after going back and continuing", async () => {
    const { home, store } = await newStore(first);
    const next = uniform(11);
    const stops = Array.from({ length: 4 }, () => Math.floor(next() * hours)).sort((a, b) => a - b);
    expect(new Set(stops).size).toBe(4);
    for (const stop of stops.slice(0, 3)) await trainTo(store, home, [first], stop);
    const before = await learned(store, first);
    await trainTo(store, home, [first], stops[3]!);
    await trainTo(store, home, [first], hours);
    const after = await learned(store, first);
    expect(after.tables).toEqual(straight.tables);
    expect(atHoursOf(after, straight)).toEqual(straight.snapshots);
    expect(stateFiles(home, first)).toEqual(keptFiles(straight));

    const [back] = await trainTo(store, home, [first], stops[2]!);
    const rewound = await learned(store, first);
    expect(back!.throughTime).toBeLessThanOrEqual(at(stops[2]!));
    expect(rewound.tables).toEqual(before.tables);
    // The states of earlier days may be deleted by now, but not their ids.
    const ids = ({ snapshots }: Learned) => Object.values(snapshots).map((id) => id.replace("*", ""));
    expect(ids(before)).toEqual(expect.arrayContaining([ids(rewound).at(-1), ids(rewound)[0]]));
    const [future] = await store.all<{ n: number }>(
      "SELECT count(*) AS n FROM hours WHERE learned AND validTime > $last",
      { last: timestamp(at(stops[2]!)) },
    );
    expect(future!.n).toBe(0);

    await trainTo(store, home, [first], hours);
    const again = await learned(store, first);
    expect(again.tables).toEqual(straight.tables);
    expect(atHoursOf(again, straight)).toEqual(straight.snapshots);
  });

  it("stores daily paired losses that add up to the month's scores, and the worst miss of each day", async () => {
    const store = opened[0]!;
    const months = await store.all<{ month: number; model: string; error: number; n: number; paired: number }>(
      `SELECT s.month, s.model, s.n, max(abs(s.mae - d.mae)) AS error, any_value(d.n) AS paired
       FROM scores s JOIN (
         SELECT stationId, variable, leadHours, model, date_trunc('month', day) AS month, sum(n) AS n,
           sum(mae * n) / sum(n) AS mae FROM dailyLosses GROUP BY ALL
       ) d USING (stationId, variable, leadHours, model, month) GROUP BY ALL`,
    );
    expect(new Set(months.map(({ model }) => model))).toEqual(
      new Set(comparedBaselines.filter((model) => !/^(nbm|nws|other|ownHistory)/.test(model))),
    );
    expect(new Set(months.map(({ month }) => month)).size).toBe(2);
    for (const { n, paired, error } of months) {
      expect(paired).toBe(n);
      expect(error).toBeLessThan(2e-4);
    }
    // If the baseline always had a forecast, the pairs include all losses of the published one.
    const [published] = await store.all<{ error: number; pairs: number }>(
      `SELECT max(abs(s.mae - d.mae)) AS error, count(*) AS pairs FROM scores s JOIN (
         SELECT variable, leadHours, date_trunc('month', day) AS month, sum(n) AS n,
           sum(publishedMae * n) / sum(n) AS mae FROM dailyLosses WHERE model = 'persistence' GROUP BY ALL
       ) d USING (variable, leadHours, month, n) WHERE s.model = 'mixture'`,
    );
    expect(published!.pairs).toBeGreaterThan(14);
    expect(published!.error).toBeLessThan(2e-4);
    // No forecast still stored had a larger error on its day.
    const [misses] = await store.all<{ days: number; error: number }>(
      `WITH errors AS (
         SELECT f.variable, leadHours, date_trunc('day', h.validTime) AS day, max(abs(valueC - h.firstValue)) AS size
         FROM forecasts f JOIN hours h
           ON f.stationId = h.stationId AND f.variable = h.variable AND h.validTime = issuedTime + leadHours * INTERVAL 1 HOUR
         GROUP BY ALL
       )
       SELECT count(*) AS days, max(abs(size - abs(forecastC - observedC))) AS error
       FROM worstMisses JOIN errors USING (variable, leadHours, day)`,
    );
    expect(misses!.days).toBeGreaterThan(100);
    expect(misses!.error).toBeLessThan(0.051); // what is stored is rounded to the tenth
  });

  it("does nothing without new hours", async () => {
    const { home, store } = await newStore(second);
    expect(await trainTo(store, home, [second], 90)).toMatchObject([{ hoursLearned: 90, throughTime: at(89) }]);
    const before = await learned(store, second);
    expect(await trainTo(store, home, [second], 95)).toMatchObject([{ hoursLearned: 0, throughTime: at(89) }]);
    expect(await learned(store, second)).toEqual(before);
  });

  it("gives the same bits in this thread and in two worker threads", async () => {
    const ids = [first, second];
    const [here, threads] = [await newStore(...ids), await newStore(...ids)];
    await trainTo(here.store, here.home, ids, 60);
    await trainTo(threads.store, threads.home, ids, 60, { workers: 2 });
    for (const id of ids) expect(await learned(threads.store, id)).toEqual(await learned(here.store, id));
  });

  it("starts over when the training start changes", async () => {
    const { home, store } = await newStore(second);
    await trainTo(store, home, [second], 60);
    const old = await learned(store, second);
    await trainTo(store, home, [second], 90, { from: at(30) });
    const fresh = await newStore(second);
    await trainTo(fresh.store, fresh.home, [second], 90, { from: at(30) });
    const expected = await learned(fresh.store, second);
    expect(await learned(store, second)).toEqual(expected);
    expect(stateFiles(home, second)).toEqual(keptFiles(expected));
    expect(Object.values(expected.snapshots)).not.toEqual(expect.arrayContaining([Object.values(old.snapshots)[0]]));
    const [early] = await store.all<{ n: number }>(
      "SELECT count(*) AS n FROM hours WHERE learned AND validTime < $from",
      { from: timestamp(at(30)) },
    );
    expect(early!.n).toBe(0);
  });

  it("deletes everything at a clock before the first observation", async () => {
    const { home, store } = await newStore();
    await storeHours(store, second, series[second].slice(0, 30), 10);
    await trainTo(store, home, [second], 39);
    expect(await trainTo(store, home, [second], 5)).toEqual([
      {
        stationId: second,
        hoursLearned: 0,
        throughTime: null,
        snapshotId: null,
        isUnfinished: false,
        lacksFields: false,
      },
    ]);
    const { tables, snapshots } = await learned(store, second);
    for (const { rows } of Object.values(tables)) expect(rows).toBe(0);
    expect(snapshots).toEqual({});
    expect(stateFiles(home, second)).toEqual([]);
  });

  it("never learns late hours, not even after going back", async () => {
    const late = [50, 51, 52, 70];
    const rows = series[second].map((row, i) => (late.includes(i) ? missing : row));
    const without = await newStore();
    await storeHours(without.store, second, rows);
    await trainTo(without.store, without.home, [second], 90);
    const expected = await learned(without.store, second);

    const { home, store } = await newStore();
    await storeHours(store, second, rows);
    await trainTo(store, home, [second], 80);
    for (const hour of late) await storeHours(store, second, [observed(40, 30)], hour);
    await trainTo(store, home, [second], 90);
    expect((await learned(store, second)).tables).toEqual(expected.tables);
    const unlearned = await store.all<{ hour: number }>(
      "SELECT DISTINCT epoch_ms(validTime)::DOUBLE AS hour FROM hours WHERE NOT learned ORDER BY ALL",
    );
    expect(unlearned.map(({ hour }) => (hour - genesis) / hourMs)).toEqual(late);

    // After going back to a later hour than these, training resumes from an older state, before them.
    await trainTo(store, home, [second], 75);
    await trainTo(without.store, without.home, [second], 75);
    expect((await learned(store, second)).tables).toEqual((await learned(without.store, second)).tables);
    expect(Object.values((await learned(store, second)).snapshots).at(-1)).toBe(
      Object.values((await learned(without.store, second)).snapshots).at(-1),
    );
  });

  it("keeps the newest state and those of the last two days and months, and the ids of the others", async () => {
    const { home, store } = await newStore();
    // Hours without a temperature are consumed too.
    const last = 24 * 70;
    const sparse = Array.from({ length: last + 1 }, (_, i) => (i % 40 === 0 ? observed(10 + (i % 7)) : missing));
    await storeHours(store, first, sparse);
    for (const stop of [100, 24 * 20, 24 * 21 + 5, 24 * 68, last]) await trainTo(store, home, [first], stop);
    const state = await learned(store, first);
    const kept = Object.entries(state.snapshots).flatMap(([time, id]) => (id.endsWith("*") ? [time] : []));
    expect(kept).toEqual([
      "2020-02-29 23:00:00",
      "2020-03-31 23:00:00",
      "2020-04-02 23:00:00",
      "2020-04-03 23:00:00",
      "2020-04-04 00:00:00",
    ]);
    expect(stateFiles(home, first)).toEqual(keptFiles(state));
    expect(Object.keys(state.snapshots)).toContain("2020-01-31 23:00:00");
    const chain = await store.all<{ snapshotId: string; parentId: string | null }>(
      "SELECT snapshotId, parentId FROM snapshots ORDER BY throughTime",
    );
    expect(chain.map(({ parentId }) => parentId)).toEqual([
      null,
      ...chain.slice(0, -1).map(({ snapshotId }) => snapshotId),
    ]);
  });
});

describe("training when time is over", () => {
  const config = (home: string) => ({ ...configOf(home, fastExperts), trainMinutes: Number.MIN_VALUE });
  const trainBriefly = async (store: Store, home: string, hour: number) => {
    const clock = { now: () => at(hour), replaying: true };
    return (await trainStations(store, config(home), [first], { clock })).stations[0]!;
  };

  it("leaves a long history to the next run, and what was learned before as it is", async () => {
    const { home, store } = await newStore(first);
    expect(await trainBriefly(store, home, hours)).toMatchObject({ hoursLearned: 0, isUnfinished: true });
    await trainTo(store, home, [first], hours);
    expect(await learned(store, first)).toEqual(straight);
    await store.run("UPDATE snapshots SET configDigest = 'of an older version'");
    const before = await learned(store, first);
    expect(await trainBriefly(store, home, hours)).toMatchObject({ hoursLearned: 0, isUnfinished: true });
    expect(await learned(store, first)).toEqual(before);
  });

  it("learns new hours", async () => {
    const { home, store } = await newStore(first);
    await trainTo(store, home, [first], hours - 20);
    expect((await trainBriefly(store, home, hours)).isUnfinished).toBe(false);
    expect((await learned(store, first)).tables.issues).toEqual(straight.tables.issues);
  });
});

describe("EWMAE hour by hour", () => {
  const few = { experts: ["persistence", "climatology"] } as const;
  const last = 24 * 66 + 5;
  const long = history(last + 1, 5);
  const hoursOf = async (store: Store) =>
    store.all<{ variable: string; leadHours: number; n: number; first: number; newest: number }>(
      `SELECT variable, leadHours, count(*)::INTEGER AS n, epoch_ms(min(time))::DOUBLE AS "first",
         epoch_ms(max(time))::DOUBLE AS newest
       FROM ewmaeHours GROUP BY ALL`,
    );
  let expected: Learned;

  it("is stored for every hour of the last 62 days", async () => {
    const { home, store } = await newStore();
    await storeHours(store, first, long);
    await trainTo(store, home, [first], last, few);
    expected = await learned(store, first);
    const stored = await hoursOf(store);
    expect(stored).toHaveLength(2 * reportedLeads.length);
    for (const { n, first, newest } of stored)
      expect([(first - genesis) / hourMs, (newest - genesis) / hourMs, n]).toEqual([24 * 4, last, 24 * 62 + 6]);
    // At hours in both tables the values agree to the hundredth.
    const [compared] = await store.all<{ n: number; error: number }>(
      `SELECT count(*) AS n, max(abs(a.validationCorrected - b.validationCorrected)) AS error
       FROM ewmaeHours a JOIN ewmae b USING (stationId, variable, leadHours, time) WHERE model = 'mixture'`,
    );
    expect(compared!.n).toBe(20 * 14);
    expect(compared!.error).toBeLessThan(0.00501);
  });

  it("is the same wherever training stopped, also after going back", async () => {
    const { home, store } = await newStore();
    await storeHours(store, first, long);
    for (const stop of [24 * 40, 24 * 63 - 1, 24 * 63, 24 * 65, last]) await trainTo(store, home, [first], stop, few);
    expect((await learned(store, first)).tables).toEqual(expected.tables);
    await trainTo(store, home, [first], 24 * 50, few);
    // Deleted hours stay deleted.
    for (const { n, first, newest } of await hoursOf(store))
      expect([(first - genesis) / hourMs, (newest - genesis) / hourMs, n]).toEqual([24 * 4, 24 * 50, 24 * 46 + 1]);
    await trainTo(store, home, [first], last, few);
    expect((await learned(store, first)).tables.ewmaeHours).toEqual(expected.tables.ewmaeHours);
  });
});

describe("an unusable state", () => {
  it("is an error that names it while other stations continue; once deleted, training restores it to the bit", async () => {
    const { home, store } = await newStore(first, second);
    await trainTo(store, home, [first], 200);
    const [{ snapshotId }] = (await store.all<{ snapshotId: string }>(
      "SELECT snapshotId FROM snapshots ORDER BY throughTime DESC LIMIT 1",
    )) as [{ snapshotId: string }];
    const path = snapshotPath(home, first, snapshotId);
    writeFileSync(path, "not a state");
    await expect(trainTo(store, home, [first, second], hours)).rejects.toThrow(`${path} is not a snapshot`);
    expect((await learned(store, second)).tables.issues!.rows).toBeGreaterThan(0);
    rmSync(path);
    await trainTo(store, home, [first], hours);
    const healed = await learned(store, first);
    expect(healed.tables).toEqual(straight.tables);
    expect(atHoursOf(healed, straight)).toEqual(straight.snapshots);
  });
});

describe("training that is killed", () => {
  const child = fileURLToPath(new URL("../../support/trainChild.ts", import.meta.url));

  it("leaves a store that the next run completes with the same result", async () => {
    const { home, store } = await newStore(first);
    store.close();
    opened.pop();
    const stops = Array.from({ length: 30 }, (_, i) => String(10 * i + 9));
    const killed = spawn(process.execPath, ["--import", "tsx", child, home, first, ...stops], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    killed.stdout.on("data", (chunk) => {
      output += chunk;
      // Somewhere in the third step.
      if (output.split("\n").length === 4) setTimeout(() => killed.kill("SIGKILL"), 10);
    });
    const [, signal] = await once(killed, "close");
    expect(signal).toBe("SIGKILL");
    // As left by a kill between the writing of a state and its transaction.
    writeFileSync(snapshotPath(home, first, "f".repeat(64)), "half a state");
    const healing = await openStore(home);
    opened.push(healing);
    await trainTo(healing, home, [first], hours);
    const healed = await learned(healing, first);
    expect(healed.tables).toEqual(straight.tables);
    expect(atHoursOf(healed, straight)).toEqual(straight.snapshots);
    expect(stateFiles(home, first)).toEqual(keptFiles(straight));
    expect(existsSync(join(home, "snapshots", first, "f".repeat(64)))).toBe(false);
  });
});
