import { rename, rm } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { parquetFormat, sqlText } from "../../data/store/sqlText.js";
import { type Store, timestamp } from "../../data/store/store.js";
import { hourOf } from "../../model/calendar.js";
import type { QuestionScore } from "../../model/draws/questionScores.js";
import { type QuestionKind, questionKinds } from "../../model/draws/questions.js";
import type { ExtremeScore } from "../../model/extremes/extremeScores.js";
import { type ExtremeKind, extremeKinds } from "../../model/extremes/windows.js";
import {
  type ModelName,
  modelNames,
  publishedIndex,
  publishedModel,
  quantileCount,
  quantileNames,
  reportedLeads,
  variables,
} from "../../model/vocabulary.js";
import type { Config } from "../../shared/config.js";
import { type Report, silentReport } from "../../shared/progress.js";
import { hourMs } from "../../shared/time.js";
import type { BacktestResult } from "../replay/backtestReplay.js";
import { type NetworkChoice, networkAround, optionsAround, timeZones } from "../replay/networkInput.js";
import { dishonesty, type Prior } from "../replay/priorFile.js";
import { type PoolOptions, WorkerPool } from "../replay/workerPool.js";
import { guidanceValues, hourValues } from "../train/modelInput.js";

export interface BacktestOptions {
  /** First and last valid time that is scored, epoch milliseconds. */
  from: number;
  to: number;
  leads?: readonly number[] | undefined;
  network?: NetworkChoice;
  /** Where the regressions start. */
  prior?: Prior | undefined;
  /** Hour at which training starts, epoch milliseconds; earlier hours are only remembered. Defaults to the first. */
  learnFrom?: number | undefined;
  /** Models written to `out`. */
  models?: readonly ModelName[] | undefined;
  /** Parquet file for the forecasts that come due from `from` on, issued each hour up to `to`. */
  out?: string | undefined;
  workers?: PoolOptions["workers"];
  report?: Report | undefined;
}

export interface BacktestLead {
  leadHours: number;
  /** Forecasts of the published model that were scored. */
  n: number;
  /** Mean absolute error of each model, °C. */
  mae: Partial<Record<ModelName, number>>;
  /** Mean continuous ranked probability score of the published quantiles, °C. */
  crps: number | null;
  /** Share of observations inside the intervals. */
  coverage: { p50: number; p80: number; p95: number } | null;
}

export interface BacktestScores {
  stations: {
    id: string;
    leads: BacktestLead[];
    dewPoint: { leads: BacktestLead[] };
    extremes: BacktestExtreme[];
    questions: BacktestQuestion[];
  }[];
}

/** Scores of the lows of nights or the highs of days, °C. */
export interface BacktestExtreme {
  kind: ExtremeKind;
  /** 0 under way; 1, 2, 3 not begun, with their end within 24, 48, 72 hours. */
  window: number;
  n: number;
  bias: number;
  mae: number;
  crps: number;
  /** CRPS of the quantiles of the hour with the extreme median. */
  untrackedCrps: number;
  /** Mean absolute error of the extreme of the newest window that had ended; null without any. */
  beforeMae: number | null;
  /** The errors of the usual extreme of the time of year and its spread; null without any. */
  climatologyMae: number | null;
  climatologyCrps: number | null;
  coverage: { p50: number; p80: number; p95: number };
  /** Shares below the 10 % and above the 90 % quantile. */
  below: number;
  above: number;
  /** Forecasts with odds of frost or heat, and the Brier scores of these and of what they are compared with; null without any. */
  oddsN: number;
  brier: number | null;
  untrackedBrier: number | null;
  beforeBrier: number | null;
  climatologyBrier: number | null;
}

/** Scores of the answers to a question over several hours, °C or hours, from every sixth hour of issue. */
export interface BacktestQuestion {
  question: QuestionKind;
  /** 0: the night, or today's 9 to 21 o'clock, had begun when issued; then 1, 2. */
  window: number;
  n: number;
  bias: number;
  mae: number;
  crps: number;
  /** CRPS of draws that each have one rank at all leads. */
  commonCrps: number;
  coverage80: number;
  /** Brier scores of the odds that tomorrow's high is above today's; null for other questions. */
  brier: number | null;
  commonBrier: number | null;
}

/**
 * Replays each station from its first stored hour through the online loop, and scores the forecasts that came due in
 * the period. A station's `leads` are those of temperature. Throws when a station has no data in the period.
 */
export async function backtest(
  store: Store,
  config: Config,
  stationIds: readonly string[],
  {
    from,
    to,
    leads = reportedLeads,
    models = [publishedModel],
    network,
    prior,
    learnFrom = Number.NEGATIVE_INFINITY,
    out,
    workers,
    report = silentReport,
  }: BacktestOptions,
): Promise<BacktestScores> {
  if (!(from <= to)) throw new Error("the scored period ends before it begins");
  const firstHours = await Promise.all(stationIds.map((id) => firstStoredHour(store, id, from, to)));
  const zones = await timeZones(store);
  const around = await networkAround(store, stationIds, network, {
    firstHour: Math.min(...firstHours),
    lastHour: hourOf(to),
  });
  for (const [i, stationId] of stationIds.entries()) {
    const startTime = Math.max(firstHours[i]! * hourMs, learnFrom);
    if (!prior) continue;
    if (around(stationId) === null) throw new Error("a prior needs a network: use --network");
    const problem = dishonesty(prior, { stationId, startTime });
    if (problem) throw new Error(problem);
  }
  const sink = out === undefined ? null : await openSink(out);
  const pool = new WorkerPool("replayBacktest", { stations: stationIds.length, workers });
  const progress = report.task("backtest", stationIds.length, "stations");
  try {
    const run = async (id: string, i: number) => {
      const firstHour = firstHours[i];
      const result = await pool.run({
        options: optionsAround(config.model, around(id)?.station, {
          timeZone: zones.get(id),
          heatC: config.stations.find((station) => station.id === id)?.heatC,
        }),
        priors: prior?.experts ?? {},
        firstHour,
        values: await hourValues(store, id, firstHour, hourOf(to)),
        guidance: await guidanceValues(store, id, firstHour, hourOf(to)),
        around: around(id),
        learnFrom: Math.ceil(learnFrom / hourMs),
        scoredFrom: Math.ceil(from / hourMs),
        leads: [...leads],
        writtenModels: sink ? models.map((model) => modelNames.indexOf(model)) : [],
      });
      await sink?.add(id, leads, models, result);
      progress.advance();
      return {
        id,
        leads: scoresOf(result, 0, leads),
        dewPoint: { leads: scoresOf(result, 1, leads) },
        extremes: result.extremes.map(extremeOf),
        questions: result.questions.map(questionOf),
      };
    };
    const stations = await pool.forEach(stationIds, run);
    await sink?.finish();
    return { stations };
  } finally {
    progress.end();
    await sink?.close();
    await pool.destroy();
  }
}

async function firstStoredHour(store: Store, stationId: string, from: number, to: number): Promise<number> {
  const [row] = await store.all<{ first: number | null; scored: number }>(
    `SELECT epoch_ms(min(validTime))::DOUBLE AS first, count(*) FILTER (validTime >= $from)::DOUBLE AS scored
     FROM hours WHERE stationId = $stationId AND variable = 'temperature' AND validTime <= $to`,
    { stationId, from: timestamp(from), to: timestamp(to) },
  );
  if (row.first === null || row.scored === 0) {
    const period = `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
    throw new Error(`no temperature of ${stationId} is stored from ${period}; fetch it first`);
  }
  return hourOf(row.first);
}

function scoresOf(result: BacktestResult, variable: number, leads: readonly number[]): BacktestLead[] {
  const pairs = variables.length * leads.length;
  return leads.map((leadHours, l) => {
    const pair = variable * leads.length + l;
    const mae: BacktestLead["mae"] = {};
    for (const [k, model] of modelNames.entries()) {
      const n = result.n[k * pairs + pair];
      if (n > 0) mae[model] = result.absoluteErrors[k * pairs + pair] / n;
    }
    const n = result.quantileN[pair];
    const bins = result.bins.subarray(pair * (quantileCount + 1), (pair + 1) * (quantileCount + 1));
    const inside = (first: number, last: number) => bins.slice(first, last + 1).reduce((a, b) => a + b, 0) / n;
    return {
      leadHours,
      n: result.n[publishedIndex * pairs + pair],
      mae,
      crps: n > 0 ? result.crps[pair] / n : null,
      coverage: n > 0 ? { p50: inside(3, 4), p80: inside(2, 5), p95: inside(1, 6) } : null,
    };
  });
}

function extremeOf({ kind, bins, odds: _odds, ...score }: ExtremeScore): BacktestExtreme {
  const share = (first: number, last: number) => bins.slice(first, last + 1).reduce((a, b) => a + b, 0) / score.n;
  const orNull = (value: number) => (Number.isNaN(value) ? null : value);
  return {
    ...score,
    kind: extremeKinds[kind]!,
    beforeMae: orNull(score.beforeMae),
    climatologyMae: orNull(score.climatologyMae),
    climatologyCrps: orNull(score.climatologyCrps),
    coverage: { p50: share(3, 4), p80: share(2, 5), p95: share(1, 6) },
    below: share(0, 1),
    above: share(6, 7),
    brier: orNull(score.brier),
    untrackedBrier: orNull(score.untrackedBrier),
    beforeBrier: orNull(score.beforeBrier),
    climatologyBrier: orNull(score.climatologyBrier),
  };
}

function questionOf({ kind, number, belowP10, aboveP90, came: _came, ...score }: QuestionScore): BacktestQuestion {
  const brier = (value: number) => (Number.isNaN(value) ? null : value);
  return {
    question: questionKinds[kind]!,
    window: number,
    ...score,
    coverage80: 1 - (belowP10 + aboveP90) / score.n,
    brier: brier(score.brier),
    commonBrier: brier(score.commonBrier),
  };
}

/** Collects forecasts on disk, station by station, then writes one Parquet file, completely or not at all. */
async function openSink(out: string) {
  const scratch = `${out}.tmp.duckdb`;
  await rm(scratch, { force: true });
  const instance = await DuckDBInstance.create(scratch);
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE forecasts (
    station VARCHAR, issuedTime TIMESTAMP, leadHours INTEGER, variable VARCHAR, model VARCHAR, valueC FLOAT,
    ${quantileNames.map((name) => `${name} FLOAT`).join(", ")})`);
  return {
    async add(id: string, leads: readonly number[], models: readonly ModelName[], result: BacktestResult) {
      const appender = await connection.createAppender("forecasts");
      const pairs = variables.length * leads.length;
      result.issuedHours.forEach((hour, row) => {
        const time = timestamp(hour * hourMs);
        for (const [m, model] of models.entries())
          for (let pair = 0; pair < pairs; pair++) {
            const value = result.forecasts[(row * models.length + m) * pairs + pair];
            if (Number.isNaN(value)) continue;
            appender.appendVarchar(id);
            appender.appendTimestamp(time);
            appender.appendInteger(leads[pair % leads.length]);
            appender.appendVarchar(variables[Math.floor(pair / leads.length)]);
            appender.appendVarchar(model);
            appender.appendFloat(value);
            for (let q = 0; q < quantileCount; q++) {
              // Only the published model has quantiles.
              const quantile =
                model === publishedModel ? result.quantiles[(row * pairs + pair) * quantileCount + q] : Number.NaN;
              if (Number.isNaN(quantile)) appender.appendNull();
              else appender.appendFloat(quantile);
            }
            appender.endRow();
          }
      });
      appender.closeSync();
    },
    async finish() {
      await connection.run(
        `COPY (FROM forecasts ORDER BY station, issuedTime, variable, model, leadHours)
         TO ${sqlText(`${out}.tmp`)} (${parquetFormat})`,
      );
      await rename(`${out}.tmp`, out);
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
      await rm(scratch, { force: true });
      await rm(`${scratch}.wal`, { force: true });
      await rm(`${out}.tmp`, { force: true });
    },
  };
}
