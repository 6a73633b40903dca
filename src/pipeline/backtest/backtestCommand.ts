import { resolveStations } from "../../data/stations/stations.js";
import type { ModelName } from "../../model/vocabulary.js";
import type { Report } from "../../shared/progress.js";
import { textTable } from "../../shared/textTable.js";
import { makePrior } from "../prior/makePrior.js";
import { type Prior, readPrior, writePrior } from "../prior/priorFile.js";
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

export interface PriorArguments {
  station: readonly string[];
  /** First and last hour that is learned, epoch milliseconds. */
  from: number;
  to: number;
  network?: readonly string[];
  out: string;
}

/** Makes a prior from stored stations, given by id or code, and writes it to a file. */
export async function runPrior({ station, from, to, network, out }: PriorArguments, report: Report): Promise<Prior> {
  return readStore(async (store, config) => {
    const resolve = async (names: readonly string[]) => resolveStations(config, names, report);
    const ids = (await resolve(station)).map(({ stationId }) => stationId);
    const prior = await makePrior(store, config, ids, { from, to, network: await networkOf(network, resolve), report });
    writePrior(out, prior);
    return prior;
  });
}

/** What `--network` names: "all", "none" or stations. */
async function networkOf(
  names: readonly string[] = ["none"],
  resolve: (names: readonly string[]) => Promise<{ stationId: string }[]>,
): Promise<readonly string[] | "all"> {
  const [name] = names;
  if (names.length === 1 && (name === "all" || name === "none")) return name === "all" ? "all" : [];
  return (await resolve(names)).map(({ stationId }) => stationId);
}

/** The scores as text: a table for each station and variable, a line for each lead, MAE in °C to the thousandth. */
export function backtestText({ stations }: BacktestScores): string {
  return stations
    .flatMap(({ id, leads, dewPoint }) => [
      `${id} temperature, mean absolute error in °C\n${leadTable(leads)}`,
      `${id} dew point, mean absolute error in °C\n${leadTable(dewPoint.leads)}`,
    ])
    .join("\n");
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
