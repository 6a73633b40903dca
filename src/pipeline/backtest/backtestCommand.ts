import { resolveStations } from "../../data/stations/stations.js";
import type { ModelName } from "../../model/vocabulary.js";
import type { Report } from "../../shared/progress.js";
import { textTable } from "../../shared/textTable.js";
import { networkOf } from "../replay/networkInput.js";
import { readPrior } from "../replay/priorFile.js";
import { readStore } from "../run.js";
import { type BacktestScores, backtest } from "./backtest.js";

export interface BacktestArguments {
  station: readonly string[];
  /** First and last valid time that is scored, epoch milliseconds. */
  from: number;
  to: number;
  network?: readonly string[];
  prior?: string;
  learnFrom?: number;
  lead?: readonly number[];
  model?: readonly ModelName[];
  out?: string;
}

/** Backtests stored stations, given by id or code. */
export async function runBacktest(
  { station, from, to, network, prior = "none", learnFrom, lead, model, out }: BacktestArguments,
  report: Report,
): Promise<BacktestScores> {
  return readStore(async (store, config) => {
    const stationIds = (await resolveStations(config, station, report)).map(({ stationId }) => stationId);
    return backtest(store, config, stationIds, {
      from,
      to,
      network: await networkOf(network, async (ids) => resolveStations(config, ids, report)),
      prior: prior === "none" ? undefined : readPrior(prior),
      learnFrom,
      leads: lead,
      models: model,
      out,
      report,
    });
  });
}

/** The scores as text: a table for each station and variable, a line for each lead, MAE in °C to the thousandth. */
export function backtestText({ stations }: BacktestScores): string {
  return stations
    .flatMap(({ id, leads, dewPoint, extremes, questions }) => [
      `${id} temperature, mean absolute error in °C\n${leadTable(leads)}`,
      `${id} dew point, mean absolute error in °C\n${leadTable(dewPoint.leads)}`,
      `${id} lows of nights and highs of days, °C\n${extremeTable(extremes)}`,
      `${id} several hours at once, °C or hours\n${questionTable(questions)}`,
    ])
    .join("\n");
}

/**
 * A line for each kind of extreme and window: 0 is under way; 1, 2, 3 end within 24, 48, 72 hours. The Brier score is that of
 * the odds of frost or heat.
 */
function extremeTable(extremes: BacktestScores["stations"][number]["extremes"]): string {
  const text = (value: number | null, digits: number) => value?.toFixed(digits) ?? "-";
  const rows = extremes.map((row) => ({
    kind: row.kind,
    window: row.window,
    n: row.n,
    bias: text(row.bias, 2),
    mae: text(row.mae, 3),
    dayBefore: text(row.beforeMae, 3),
    crps: text(row.crps, 3),
    untrackedCrps: text(row.untrackedCrps, 3),
    climatologyCrps: text(row.climatologyCrps, 3),
    "in80%": text(100 * row.coverage.p80, 1),
    brier: text(row.brier, 4),
    climatologyBrier: text(row.climatologyBrier, 4),
  }));
  return textTable(rows, [
    "kind",
    "window",
    "n",
    "bias",
    "mae",
    "dayBefore",
    "crps",
    "untrackedCrps",
    "climatologyCrps",
    "in80%",
    "brier",
    "climatologyBrier",
  ]);
}

/**
 * A line for each question and window: by how much tomorrow's high is above today's (0: today's day has begun, 1: it has not),
 * hours below freezing of a night (0: it has begun), mean of a calendar day (1: tomorrow).
 */
function questionTable(questions: BacktestScores["stations"][number]["questions"]): string {
  const rows = questions.map(
    ({ question, window, n, bias, mae, crps, commonCrps, coverage80, brier, commonBrier }) => ({
      question,
      window,
      n,
      bias: bias.toFixed(2),
      mae: mae.toFixed(3),
      crps: crps.toFixed(3),
      commonRank: commonCrps.toFixed(3),
      "in80%": (100 * coverage80).toFixed(1),
      brier: brier?.toFixed(4) ?? "-",
      commonBrier: commonBrier?.toFixed(4) ?? "-",
    }),
  );
  return textTable(rows, [
    "question",
    "window",
    "n",
    "bias",
    "mae",
    "crps",
    "commonRank",
    "in80%",
    "brier",
    "commonBrier",
  ]);
}

function leadTable(leads: BacktestScores["stations"][number]["leads"]): string {
  const models = [...new Set(leads.flatMap(({ mae }) => Object.keys(mae) as ModelName[]))];
  const rows = leads.map(
    ({ leadHours, n, mae }): Record<string, number | string> => ({
      lead: leadHours,
      n,
      ...Object.fromEntries(models.map((model) => [model, mae[model]?.toFixed(3) ?? "-"])),
    }),
  );
  return textTable(rows, ["lead", "n", ...models]);
}
