import { expect, onTestFinished, test } from "vitest";
import { openStore, type Store, timestamp } from "../../../src/data/store/store.js";
import { monthOf } from "../../../src/model/calendar.js";
import { probabilityBelow } from "../../../src/model/extremes/quantiles.js";
import type { ExtremeKind } from "../../../src/model/extremes/windows.js";
import { modelVersion } from "../../../src/model/forecaster/forecaster.js";
import { crps } from "../../../src/model/scores/crps.js";
import { type QuantileName, quantileNames, type Variable, variables } from "../../../src/model/vocabulary.js";
import { scoreLiveExtremes } from "../../../src/pipeline/train/liveExtremeScores.js";
import { scoreLive } from "../../../src/pipeline/train/liveScores.js";
import { hourMs } from "../../../src/shared/time.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, fastExperts, genesis, history, storeHours, trainTo as train } from "../../support/training.js";

const station = "USW00000001";

const trainTo: typeof train = (store, home, stationIds, hour, options) =>
  train(store, home, stationIds, hour, { experts: fastExperts, ...options });
/** Live from 156 to 178 h after genesis, which is 25 January: the month changes at 168, a night ends at 177. */
const [from, through] = [156, 178] as const;
const rows = history(through + 1, 12);
/** The runs that took place; the others were missed and caught up by the next. */
const runs = [from, 158, 160, 161, 166, 167, 168, 169, 171, 172, 174, through];

async function newStore() {
  const home = await temporaryFolder();
  const store = await openStore(home);
  onTestFinished(() => store.close());
  await storeHours(store, station, rows);
  for (const source of ["nbm", "nws"] as const)
    for (const issued of runsOf[source]) {
      const time = timestamp(at(issued));
      await store.run("INSERT INTO guidanceRuns VALUES ($source, $station, $time, $time, $time, $imported, 1)", {
        source,
        station,
        time,
        imported: isImported(source, issued),
      });
      const columns = ["source", "stationId", "issuedTime", "leadHours", "temperatureC", "dewPointC"];
      const cells = Array.from({ length: 96 }, (_, i) => {
        const said = variables.map((variable) => saidBy(source, issued, variable, issued + i + 1));
        return [source, station, at(issued), i + 1, ...said];
      });
      await store.append("guidance", columns, cells);
    }
  return { home, store };
}

/**
 * The hours of the runs of guidance. The first of nws is in force until 161, the second has 5 leads and no dew points. The
 * first of nbm is imported, which is no live guidance, and the second is in force from the month on.
 */
const runsOf = { nbm: [150, 168], nws: [137, 168] } as const;
const isImported = (source: Source, issued: number) => source === "nbm" && issued === 150;
type Source = keyof typeof runsOf;

/** What a run said, null for nothing any more. */
function saidBy(source: Source, issued: number, variable: Variable, valid: number): number | null {
  const isFirst = issued !== 168;
  if (source === "nbm") return (valid % 6) + (isFirst ? 4 : 2);
  if (!isFirst && (valid - issued > 5 || variable === "dewPoint")) return null;
  return variable === "dewPoint" ? 3 + (valid % 5) : 5 + (valid % 7) / 2 + (isFirst ? 0 : 1);
}

const trainAndScore = async ({ store, home }: { store: Store; home: string }, hour: number) => {
  await trainTo(store, home, [station], hour);
  await scoreLive(store);
  await scoreLiveExtremes(store);
};

const extremeScores = (store: Store) =>
  store.all<{ kind: ExtremeKind; windowNumber: number; n: number; error: number; crps: number; brier: number }>(
    `SELECT kind, windowNumber, sum(n)::INTEGER AS n, sum(errorSum)::DOUBLE AS error, sum(crpsSum)::DOUBLE AS crps,
       sum(brierSum)::DOUBLE AS brier
     FROM liveExtremeScores WHERE belowP025 + belowP10 + belowP25 + belowP50 + belowP75 + belowP90 + belowP975 + aboveP975 = n
     GROUP BY ALL ORDER BY ALL`,
  );

/** The same by a simple loop; no threshold of heat is known. */
async function expectedExtremes(store: Store, last: number): ReturnType<typeof extremeScores> {
  const forecasts = await store.all<{ kind: ExtremeKind; issued: number; end: number } & Record<QuantileName, number>>(
    "SELECT *, epoch_ms(issuedTime)::DOUBLE AS issued, epoch_ms(endTime)::DOUBLE AS end FROM extremes ORDER BY ALL",
  );
  const scores = new Map<string, Awaited<ReturnType<typeof extremeScores>>[number]>();
  for (const { kind, issued, end, ...row } of forecasts) {
    const [from, to] = [issued, end].map((time) => (time - genesis) / hourMs) as [number, number];
    const length = kind === "low" ? 15 : 12;
    const values = rows.slice(to - length, to + 1).flatMap(([value]) => (Number.isNaN(value) ? [] : [value!]));
    if (!runs.includes(from) || to > last || values.length < length) continue;
    const truth = kind === "low" ? Math.min(...values) : Math.max(...values);
    const quantiles = quantileNames.map((name) => row[name]);
    const windowNumber = to - from <= length ? 0 : Math.ceil((to - from) / 24);
    const key = `${kind} ${windowNumber}`;
    const score = scores.get(key) ?? { kind, windowNumber, n: 0, error: 0, crps: 0, brier: 0 };
    score.n += 1;
    score.error += row.p50 - truth;
    score.crps += crps(quantiles, truth);
    if (kind === "low") score.brier += (probabilityBelow(quantiles, 0) - (truth < 0 ? 1 : 0)) ** 2;
    scores.set(key, score);
  }
  return [...scores.values()].sort((a, b) => (`${a.kind} ${a.windowNumber}` < `${b.kind} ${b.windowNumber}` ? -1 : 1));
}

const near = (scores: Awaited<ReturnType<typeof extremeScores>>) =>
  scores.map((score) => ({
    ...score,
    error: expect.closeTo(score.error, 1),
    crps: expect.closeTo(score.crps, 1),
    brier: expect.closeTo(score.brier, 1),
  }));

interface LiveScore {
  variable: Variable;
  model: string;
  pairedWith: string;
  leadHours: number;
  month: number;
  n: number;
  absolute: number;
  error: number;
  square: number;
}

const scoresOf = (store: Store) =>
  store.all<LiveScore>(
    `SELECT variable, model, pairedWith, leadHours, month, n, absoluteSum::DOUBLE AS absolute, errorSum::DOUBLE AS error,
       squareSum::DOUBLE AS square
     FROM liveScores ORDER BY variable, model, pairedWith, leadHours, month`,
  );

/** The same scores by a simple loop. */
async function expectedScores(store: Store, last: number = through): Promise<LiveScore[]> {
  const forecasts = await store.all<{ issued: number; variable: Variable; leadHours: number; valueC: number }>(
    "SELECT epoch_ms(issuedTime)::DOUBLE AS issued, variable, leadHours, valueC FROM forecasts",
  );
  const scores = new Map<string, LiveScore>();
  const add = (key: Pick<LiveScore, "variable" | "model" | "pairedWith" | "leadHours" | "month">, error: number) => {
    const text = JSON.stringify(key);
    const score = scores.get(text) ?? { ...key, n: 0, absolute: 0, error: 0, square: 0 };
    const rounded = Math.round(error * 1000) / 1000;
    score.n++;
    score.absolute += Math.abs(rounded);
    score.error += rounded;
    score.square += rounded ** 2;
    scores.set(text, score);
  };
  for (const { issued, variable, leadHours, valueC } of forecasts) {
    const hour = (issued - genesis) / hourMs;
    const valid = hour + leadHours;
    const [came, origin] = [rows[valid]?.[variables.indexOf(variable)], rows[hour]![variables.indexOf(variable)]!];
    if (!runs.includes(hour) || valid > last || came === undefined || Number.isNaN(came) || Number.isNaN(origin))
      continue;
    const month = Date.UTC(1970, monthOf(at(valid) / hourMs));
    const key = { variable, leadHours, month };
    add({ ...key, model: "mixture", pairedWith: "" }, valueC - came);
    add({ ...key, model: "persistence", pairedWith: "" }, origin - came);
    for (const source of ["nbm", "nws"] as const) {
      // What was public in the hour of the forecast may have come after it, so the model does not use it either.
      const run = runsOf[source].findLast((issued) => hour > issued && hour <= issued + 24);
      const guidanceC = run && !isImported(source, run) ? saidBy(source, run, variable, valid) : null;
      if (guidanceC === null) continue;
      add({ ...key, model: "mixture", pairedWith: source }, valueC - came);
      add({ ...key, model: "persistence", pairedWith: source }, origin - came);
      add({ ...key, model: source, pairedWith: source }, guidanceC - came);
    }
  }
  const order = ({ variable, model, pairedWith, leadHours, month }: LiveScore) =>
    `${variable} ${model} ${pairedWith} ${String(leadHours).padStart(2)} ${month}`;
  return [...scores.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

const rounded = (scores: LiveScore[]) =>
  scores.map((score) => ({
    ...score,
    absolute: score.absolute.toFixed(3),
    error: (score.error + 0.0001).toFixed(3),
    square: score.square.toFixed(3),
  }));

test("live forecasts are scored as they come due, with persistence and the guidance known then", async () => {
  const one = await newStore();
  for (const hour of runs) await trainAndScore(one, hour);
  const scores = await scoresOf(one.store);
  const expected = await expectedScores(one.store);
  expect(new Set(expected.map(({ model }) => model))).toEqual(new Set(["mixture", "persistence", "nbm", "nws"]));
  expect(new Set(expected.map(({ month }) => month)).size).toBe(2);
  expect(rounded(scores)).toEqual(rounded(expected));
  const extremes = await extremeScores(one.store);
  expect(new Set(extremes.map(({ kind }) => kind))).toEqual(new Set(["low", "high"]));
  expect(extremes).toEqual(near(await expectedExtremes(one.store, through)));
  // A second call counts nothing twice, and the scores do not depend on when they are computed.
  await scoreLive(one.store);
  await scoreLiveExtremes(one.store);
  expect(await scoresOf(one.store)).toEqual(scores);
  expect(await extremeScores(one.store)).toEqual(extremes);
  await one.store.run("DELETE FROM liveScores");
  await one.store.run("DELETE FROM liveExtremeScores");
  await scoreLive(one.store);
  await scoreLiveExtremes(one.store);
  expect(await scoresOf(one.store)).toEqual(scores);
  expect(await extremeScores(one.store)).toEqual(extremes);

  // Going back deletes the scores of the current month and counts it again.
  const last = runs.at(-3)!;
  await trainTo(one.store, one.home, [station], last);
  expect(new Set((await scoresOf(one.store)).map(({ month }) => month)).size).toBe(1);
  await scoreLive(one.store);
  await scoreLiveExtremes(one.store);
  expect(await extremeScores(one.store)).toEqual(near(await expectedExtremes(one.store, last)));
  const back = await scoresOf(one.store);
  expect(new Set(back.map(({ month }) => month)).size).toBe(2);
  expect(rounded(back)).toEqual(rounded(await expectedScores(one.store, last)));
}, 60_000);

test("a replay scores nothing as live", async () => {
  const one = await newStore();
  await trainAndScore(one, through);
  expect(await scoresOf(one.store)).toEqual([]);
  expect(await extremeScores(one.store)).toEqual([]);
});

test("an upgrade of the model learns again, but live scores stay, by version", async () => {
  const live = await newStore();
  for (const hour of runs.filter((run) => run <= 168)) await trainAndScore(live, hour);
  await live.store.run("UPDATE liveScores SET modelVersion = 8");
  await live.store.run("UPDATE snapshots SET configDigest = 'of an older version'");
  const counts = () =>
    live.store.all<{ modelVersion: number; n: number }>(
      "SELECT modelVersion, sum(n)::INTEGER AS n FROM liveScores GROUP BY ALL ORDER BY ALL",
    );
  const before = await counts();
  for (const hour of runs.filter((run) => run > 168)) await trainAndScore(live, hour);
  const after = await counts();
  expect(before.map(({ modelVersion }) => modelVersion)).toEqual([8]);
  expect(after.map(({ modelVersion }) => modelVersion)).toEqual([8, modelVersion]);
  expect(after[0]).toEqual(before[0]);
});
