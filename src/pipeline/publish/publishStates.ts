import { existsSync } from "node:fs";
import { join } from "node:path";
import { parquetTable, sqlText } from "../../data/store/sqlText.js";
import type { Cell, Store } from "../../data/store/store.js";
import { explanationOf } from "../../model/forecaster/explanation.js";
import { Forecaster } from "../../model/forecaster/forecaster.js";
import { regressionWeights } from "../../model/forecaster/regressionWeights.js";
import {
  columnOf,
  expertNames,
  maxLeadHours,
  modelNames,
  publishedIndex,
  publishedModel,
  type Variable,
  variables,
} from "../../model/vocabulary.js";
import type { Config } from "../../shared/config.js";
import type { PublishedTable } from "../../shared/published/published.js";
import { tenth } from "../replay/forecastRows.js";
import { ewmaeRows } from "../train/appendResult.js";
import { readSnapshot, snapshotPath } from "../train/snapshotFile.js";
import type { StationModel } from "../train/stationModel.js";

const tables = {
  stateWeights:
    "stationId VARCHAR, snapshotId VARCHAR, variable VARCHAR, leadHours INTEGER, feature VARCHAR, weight DOUBLE",
  baselines:
    "stationId VARCHAR, issuedTime TIMESTAMP, leadHours UTINYINT, variable VARCHAR, model VARCHAR, valueC DOUBLE",
  newestExpertWeights:
    "stationId VARCHAR, time TIMESTAMP, variable VARCHAR, model VARCHAR, leadHours UTINYINT, weight FLOAT",
  newestEwmae:
    "stationId VARCHAR, time TIMESTAMP, model VARCHAR, variable VARCHAR, leadHours UTINYINT, n INTEGER, validationCorrected FLOAT, trainingCorrected FLOAT, validationSlow FLOAT",
  explanations:
    "stationId VARCHAR, issuedTime TIMESTAMP, variable VARCHAR, leadHours UTINYINT, part VARCHAR, contributionC DOUBLE",
  drawRanks:
    "stationId VARCHAR, issuedTime TIMESTAMP, utcOffsetHours INTEGER, days INTEGER, draws INTEGER, ranks VARCHAR",
} as const;
type Table = keyof typeof tables;

interface State {
  stationId: string;
  snapshotId: string;
  throughTime: number;
  /** Whether it is the newest of its station. */
  newest: boolean;
}

/** Rows buffered before they are appended; all rows of a thousand stations would take gigabytes. */
const maxBufferedRows = 100_000;

/**
 * Creates temporary views of what states hold: the weights of each kept state, and of each station's newest state the
 * forecasts of the baselines, the expert weights, EWMAE and the parts of the forecast.
 * @param models the model of each station
 * @param now SQL timestamp; later states are not read
 * @param hidden stations that are not published; their states are not read
 * @param previous the folder published last, from which rows of states that it shows are taken; null when there is none
 */
export async function prepareStates(
  store: Store,
  config: Config,
  models: (stationId: string) => StationModel,
  { now, hidden, previous }: { now: string; hidden: readonly string[]; previous: string | null },
): Promise<void> {
  const kept = await store.all<State>(
    `SELECT stationId, snapshotId, epoch_ms(throughTime)::DOUBLE AS throughTime,
       throughTime = max(throughTime) OVER (PARTITION BY stationId) AS newest
     FROM snapshots WHERE kept AND throughTime <= TIMESTAMP '${now}' AND stationId NOT IN ('', ${hidden.map(sqlText).join(", ")})
     ORDER BY stationId, throughTime`,
  );
  const buffer = new Map<Table, Cell[][]>();
  for (const [table, columns] of Object.entries(tables)) {
    await store.run(`CREATE OR REPLACE TEMP TABLE ${read(table)} (${columns})`);
    buffer.set(table as Table, []);
  }
  const flush = async (minRows: number) => {
    for (const [table, rows] of buffer) {
      if (rows.length < minRows) continue;
      const names = tables[table].split(", ").map((column) => column.split(" ")[0]!);
      await store.append(read(table), names, rows);
      buffer.set(table, []);
    }
  };
  // A missing newest state is an error, even if its rows are known.
  const readable = kept.filter((state) => !state.newest || existsSync(pathOf(config, state)));
  const taken = previous === null ? new Set() : await takeStates(store, previous, readable);
  for (const [table, sql] of Object.entries(publishedRows)) {
    const rows = previous === null ? "" : `UNION ALL BY NAME ${sql((name) => publishedIn(previous, name))}`;
    await store.run(`CREATE OR REPLACE TEMP VIEW ${table} AS FROM ${read(table)} ${rows}`);
  }
  for (const state of kept) {
    if (taken.has(state)) continue;
    const { stationId, snapshotId, throughTime, newest } = state;
    const forecaster = new Forecaster(models(stationId).options);
    forecaster.restore(readSnapshot(pathOf(config, state)));
    const add = (table: Table, cells: Iterable<Cell[]>, ...key: Cell[]) => {
      for (const row of cells) buffer.get(table)!.push([...key, ...row]);
    };
    add("stateWeights", weightRows(forecaster), stationId, snapshotId);
    if (newest) {
      add("baselines", baselineRows(forecaster), stationId, throughTime);
      add("newestExpertWeights", expertWeightRows(forecaster), stationId, throughTime);
      add("newestEwmae", ewmaeRows(forecaster.scores.ewmaeValues()), stationId, throughTime);
      add("explanations", explanationRows(forecaster), stationId, throughTime);
      add("drawRanks", drawRankRows(forecaster), stationId, throughTime);
    }
    await flush(maxBufferedRows);
  }
  await flush(1);
}

function pathOf({ home }: Config, { stationId, snapshotId }: State): string {
  return snapshotPath(home, stationId, snapshotId);
}

/** The table of rows that are read from states now. */
function read(table: string): string {
  return `${table}Read`;
}

function publishedIn(folder: string, table: PublishedTable): string {
  return parquetTable(join(folder, `${table}.parquet`));
}

/** SQL: only rows of newest states. */
const ofNewest =
  "SEMI JOIN (FROM takenStates SELECT stationId, throughTime AS time WHERE newest) USING (stationId, time)";

/** SQL of the rows that published tables hold of the states in the temporary table `takenStates`. */
const publishedRows: Readonly<Record<Table, (published: (table: PublishedTable) => string) => string>> = {
  stateWeights: (published) => `FROM ${published("weights")} SEMI JOIN takenStates USING (stationId, snapshotId)`,
  baselines: (published) =>
    `SELECT stationId, issuedTime, leadHours, variable, model, valueC FROM ${published("forecasts")}
     SEMI JOIN (FROM takenStates SELECT stationId, throughTime AS issuedTime WHERE newest) USING (stationId, issuedTime)
     WHERE model <> '${publishedModel}'`,
  newestExpertWeights: (published) => `FROM ${published("expertWeights")} ${ofNewest}`,
  newestEwmae: (published) => `SELECT * EXCLUDE (validation, training) FROM ${published("ewmae")} ${ofNewest}`,
  explanations: (published) =>
    `FROM ${published("explanations")} SEMI JOIN (FROM takenStates WHERE newest) USING (stationId)`,
  drawRanks: (published) =>
    `FROM ${published("drawRanks")} SEMI JOIN (FROM takenStates WHERE newest) USING (stationId)`,
};

/**
 * Fills the temporary table `takenStates`: those with all rows in the folder published last. A newest state has more rows
 * than others, so it must have been the newest then too.
 * @returns these states
 */
async function takeStates(store: Store, previous: string, states: readonly State[]): Promise<Set<State>> {
  // Stations with equal hours have states with equal ids.
  const keyOf = ({ stationId, snapshotId }: Pick<State, "stationId" | "snapshotId">) => `${stationId} ${snapshotId}`;
  const rows = await store.all<Pick<State, "stationId" | "snapshotId" | "newest">>(
    `SELECT stationId, snapshotId, throughTime = max(throughTime) OVER (PARTITION BY stationId) AS newest
     FROM ${publishedIn(previous, "snapshots")} WHERE kept`,
  );
  const newestBefore = new Map(rows.map((row) => [keyOf(row), row.newest]));
  const taken = states.filter((state) => {
    const wasNewest = newestBefore.get(keyOf(state));
    return state.newest ? wasNewest === true : wasNewest !== undefined;
  });
  await store.run(
    `CREATE OR REPLACE TEMP TABLE takenStates
       (stationId VARCHAR, snapshotId VARCHAR, throughTime TIMESTAMP, newest BOOLEAN)`,
  );
  await store.insert("takenStates", taken);
  return new Set(taken);
}

/** variable, lead, feature, weight */
function* weightRows(forecaster: Forecaster): Generator<Cell[]> {
  for (const [variable, { features, leads, rows }] of Object.entries(regressionWeights(forecaster) ?? {}))
    for (const [j, lead] of leads.entries())
      for (const [i, feature] of features.entries()) yield [variable, lead, feature, rows[i]![j]!];
}

/** lead, variable, model, value */
function* baselineRows(forecaster: Forecaster): Generator<Cell[]> {
  for (const [k, values] of forecaster.issued.entries()) {
    if (k === publishedIndex) continue;
    for (const [variable, lead, column] of columns())
      if (!Number.isNaN(values[column])) yield [lead, variable, modelNames[k]!, tenth(values[column]!)];
  }
}

/** variable, model, lead, weight */
function* expertWeightRows(forecaster: Forecaster): Generator<Cell[]> {
  for (const [variable, lead, column] of columns()) {
    if (Number.isNaN(forecaster.issued[publishedIndex]![column])) continue;
    for (const [k, model] of expertNames.entries())
      yield [variable, model, lead, forecaster.weights[column * expertNames.length + k]!];
  }
}

/** variable, lead, part, contribution in hundredths, which add up to the forecast rounded to a tenth */
function* explanationRows(forecaster: Forecaster): Generator<Cell[]> {
  for (const [variable, lead, column] of columns()) {
    const parts = explanationOf(forecaster, variable, lead);
    if (parts.length === 0) continue;
    const forecast = tenth(forecaster.issued[publishedIndex]![column]!)!;
    const hundredths = roundToTotal(
      parts.map(({ contributionC }) => contributionC * 100),
      Math.round(forecast * 100),
    );
    for (const [i, { feature }] of parts.entries())
      if (hundredths[i] !== 0) yield [variable, lead, feature, hundredths[i]! / 100];
  }
}

/** offset from UTC, days, draws, ranks */
function* drawRankRows({ hour, joint, quantiles }: Forecaster): Generator<Cell[]> {
  if (Number.isNaN(quantiles[0])) return;
  const { ranks, count, days } = joint.ranks(hour);
  yield [joint.utcOffset, days, count, Buffer.from(ranks).toString("base64")];
}

function* columns(): Generator<[Variable, leadHours: number, column: number]> {
  for (const [v, variable] of variables.entries())
    for (let lead = 1; lead <= maxLeadHours; lead++) yield [variable, lead, columnOf(v, lead)];
}

/**
 * Rounds values to whole numbers that add up to `total`, adjusting by one those with the largest rounding error
 * (Hamilton's method of largest remainders).
 */
export function roundToTotal(values: readonly number[], total: number): number[] {
  const rounded = values.map(Math.round);
  const left = total - rounded.reduce((sum, value) => sum + value, 0);
  const step = Math.sign(left);
  for (let n = 0; n < Math.abs(left); n++) {
    let worst = 0;
    for (let i = 1; i < values.length; i++) {
      if (step * (values[i]! - rounded[i]!) > step * (values[worst]! - rounded[worst]!)) worst = i;
    }
    rounded[worst]! += step;
  }
  return rounded;
}
