import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../../src/data/store/store.js";
import { type ModelName, modelNames, publishedModel, reportedLeads, variables } from "../../../src/model/vocabulary.js";
import { type BacktestScores, backtest } from "../../../src/pipeline/backtest/backtest.js";
import { hourMs } from "../../../src/shared/time.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, configOf, history, storeHours, trainTo } from "../../support/training.js";

const ids = ["USW00000001", "USW00000002"] as const;
const hours = 260;
const [first, last] = [150, hours - 1];
const models: ModelName[] = ["persistence", "sgd", "rls", "mixture"];
const series = [history(hours, 6), history(hours, 27)];

const home = await temporaryFolder();
const store = await openStore(home);
const out = join(home, "it's.parquet");
let scores: BacktestScores;

interface Written {
  station: string;
  issuedTime: number;
  leadHours: number;
  variable: string;
  model: ModelName;
  valueC: number;
  p025: number | null;
  p10: number | null;
  p25: number | null;
  p50: number | null;
  p75: number | null;
  p90: number | null;
  p975: number | null;
}
let written: Written[];

const read = (path: string) => store.all<Written>(`FROM '${path.replaceAll("'", "''")}'`);
const run = (options: Partial<Parameters<typeof backtest>[3]> = {}, stationIds: readonly string[] = ids) =>
  backtest(store, configOf(home), stationIds, { from: at(first), to: at(last), ...options });

/** The observation when a forecast came due; NaN without one, or after the period. */
function observedThen({ station, issuedTime, leadHours, variable }: Written): number {
  const row = series[(ids as readonly string[]).indexOf(station)]![(issuedTime - at(0)) / hourMs + leadHours];
  return row ? row[variables.indexOf(variable as (typeof variables)[number])]! : Number.NaN;
}

beforeAll(async () => {
  for (const [i, id] of ids.entries()) await storeHours(store, id, series[i]!);
  scores = await run({ models, out });
  written = await read(out);
});
afterAll(() => store.close());

describe("a backtest", () => {
  it("scores every model at the reported leads, for temperature and dew point", () => {
    expect(scores.stations.map(({ id }) => id)).toEqual(ids);
    for (const { leads, dewPoint } of scores.stations)
      for (const scored of [leads, dewPoint.leads]) {
        expect(scored.map(({ leadHours }) => leadHours)).toEqual(reportedLeads);
        for (const { n, mae, crps, coverage } of scored) {
          expect(n).toBeGreaterThan(20);
          expect(Object.keys(mae)).toEqual(modelNames.filter((name) => !/^(nbm|nws|other|ownHistory)/.test(name)));
          expect(crps).toBeGreaterThan(0);
          expect(coverage!.p50).toBeLessThanOrEqual(coverage!.p80);
          expect(coverage!.p80).toBeLessThanOrEqual(coverage!.p95);
          expect(coverage!.p95).toBeLessThanOrEqual(1);
        }
      }
    expect(JSON.parse(JSON.stringify(scores))).toEqual(scores);
  });

  it("writes what it scored: n, MAE and coverage follow from the file and the observations", () => {
    const due = written.filter((row) => !Number.isNaN(observedThen(row)));
    for (const { id, leads, dewPoint } of scores.stations)
      for (const [v, scored] of [leads, dewPoint.leads].entries())
        for (const { leadHours, n, mae, coverage } of scored)
          for (const model of models) {
            const rows = due.filter(
              (row) =>
                row.station === id &&
                row.variable === variables[v] &&
                row.leadHours === leadHours &&
                row.model === model,
            );
            // Experts may have no forecast where the published model has one.
            if (model === publishedModel || model === "persistence") expect(rows).toHaveLength(n);
            const mean = rows.reduce((sum, row) => sum + Math.abs(row.valueC - observedThen(row)), 0) / rows.length;
            expect(mae[model]).toBeCloseTo(mean, 5);
            if (model !== publishedModel) continue;
            const inside = rows.filter((row) => {
              const y = observedThen(row);
              return row.p10! <= y && y < row.p90!;
            });
            expect(coverage!.p80).toBeCloseTo(inside.length / rows.filter((row) => row.p10 !== null).length, 9);
          }
  });

  it("writes only forecasts due from the first scored hour on and issued up to the last", () => {
    expect(new Set(written.map(({ model }) => model))).toEqual(new Set(models));
    for (const { issuedTime, leadHours } of written) {
      if (issuedTime + leadHours * hourMs < at(first) || issuedTime > at(last)) expect.fail(`issued at ${issuedTime}`);
    }
    const key = (row: Written) => [row.station, row.issuedTime, row.variable, row.model, row.leadHours].join(" ");
    expect(new Set(written.map(key)).size).toBe(written.length);
  });

  it("gives only the published model quantiles", () => {
    const withQuantiles = written.filter(({ p025, p975 }) => p025 !== null || p975 !== null);
    expect(new Set(withQuantiles.map(({ model }) => model))).toEqual(new Set([publishedModel]));
    expect(withQuantiles.length).toBeGreaterThan(1000);
  });

  it("gives the same scores with or without a file, and does not change the store", async () => {
    const before = await store.all("SELECT count(*) AS n, bool_or(learned) AS learned FROM hours");
    expect(await run({ workers: 2 })).toEqual(scores);
    expect(before).toEqual([{ n: expect.any(Number), learned: false }]);
    expect(await store.all("SELECT count(*) AS n, bool_or(learned) AS learned FROM hours")).toEqual(before);
    expect(readdirSync(home).filter((name) => name.startsWith("it's"))).toEqual(["it's.parquet"]);
  });

  it("forecasts what training issues at the same hours", async () => {
    await trainTo(store, home, [ids[0]], last);
    const [apart] = await store.all<{ n: number; apart: number }>(
      `SELECT count(*) AS n, max(abs(f.valueC - w.valueC)) AS apart FROM forecasts f
       JOIN '${out.replaceAll("'", "''")}' w
         ON w.station = f.stationId AND w.model = '${publishedModel}' AND w.variable = f.variable
         AND w.issuedTime = f.issuedTime AND w.leadHours = f.leadHours`,
    );
    expect(apart!.n).toBeGreaterThan(1000);
    // They are stored to the tenth.
    expect(apart!.apart).toBeLessThan(0.0501);
  });

  it("scores only the requested leads and models", async () => {
    const path = join(home, "two.parquet");
    const { stations } = await run({ leads: [2, 5], models: ["blend"], out: path }, [ids[1]]);
    expect(stations).toHaveLength(1);
    expect(stations[0]!.leads.map(({ leadHours }) => leadHours)).toEqual([2, 5]);
    const rows = await read(path);
    expect(new Set(rows.map((row) => `${row.station} ${row.model} ${row.leadHours}`))).toEqual(
      new Set([`${ids[1]} blend 2`, `${ids[1]} blend 5`]),
    );
  });
});

describe("an impossible backtest", () => {
  it.each([
    ["after what is stored", { from: at(hours), to: at(hours + 50) }, ids],
    ["before what is stored", { from: at(-50), to: at(-1) }, ids],
    ["of a station that is not stored", {}, [ids[0], "USW99999999"]],
  ] as const)("says so for a period %s, and writes nothing", async (_, period, stationIds) => {
    const path = join(home, "none.parquet");
    writeFileSync(path, "of before");
    await expect(run({ ...period, out: path }, stationIds)).rejects.toThrow(
      /^no temperature of USW\d+ is stored from 2020-\d\d-\d\dT.*Z to 2020-.*Z; fetch it first$/,
    );
    expect(existsSync(`${path}.tmp.duckdb`)).toBe(false);
    expect(await store.all(`SELECT content FROM read_text('${path}')`)).toEqual([{ content: "of before" }]);
  });

  it("is an error for a period that ends before it begins", async () => {
    await expect(run({ from: at(20), to: at(19) })).rejects.toThrow("the scored period ends before it begins");
  });

  it("is an error that names a missing folder", async () => {
    await expect(run({ out: join(home, "nowhere", "a.parquet") })).rejects.toThrow(/nowhere/);
  });
});
