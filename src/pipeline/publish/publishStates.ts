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
  type Variable,
  variables,
} from "../../model/vocabulary.js";
import type { Config } from "../../shared/config.js";
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
} as const;
type Table = keyof typeof tables;

/** Rows buffered before they are appended; all rows of a thousand stations would take gigabytes. */
const maxBufferedRows = 100_000;

/**
 * Fills temporary tables from the states: the weights of each kept state, and from each station's newest state the
 * forecasts of the baselines, the expert weights, EWMAE and the parts of the forecast.
 * @param models the model of each station
 * @param now SQL timestamp; later states are not read
 * @param hidden stations that are not published; their states are not read
 * @param previous the folder published last, whose weights of older states are still right; null when there is none
 */
export async function prepareStates(
  store: Store,
  config: Config,
  models: (stationId: string) => StationModel,
  { now, hidden, previous }: { now: string; hidden: readonly string[]; previous: string | null },
): Promise<void> {
  const kept = await store.all<{ stationId: string; snapshotId: string; throughTime: number; newest: boolean }>(
    `SELECT stationId, snapshotId, epoch_ms(throughTime)::DOUBLE AS throughTime,
       throughTime = max(throughTime) OVER (PARTITION BY stationId) AS newest
     FROM snapshots WHERE kept AND throughTime <= TIMESTAMP '${now}' AND stationId NOT IN ('', ${hidden.map(sqlText).join(", ")})
     ORDER BY stationId, throughTime`,
  );
  const buffer = new Map<Table, Cell[][]>();
  for (const [table, columns] of Object.entries(tables)) {
    await store.run(`CREATE OR REPLACE TEMP TABLE ${table} (${columns})`);
    buffer.set(table as Table, []);
  }
  const flush = async (minRows: number) => {
    for (const [table, rows] of buffer) {
      if (rows.length < minRows) continue;
      const names = tables[table].split(", ").map((column) => column.split(" ")[0]!);
      await store.append(table, names, rows);
      buffer.set(table, []);
    }
  };
  const older = kept.filter(({ newest }) => !newest);
  const published = previous === null ? new Set() : await takeWeights(store, previous, older);
  for (const { stationId, snapshotId, throughTime, newest } of kept) {
    if (!newest && published.has(`${stationId} ${snapshotId}`)) continue;
    const forecaster = new Forecaster(models(stationId).options);
    forecaster.restore(readSnapshot(snapshotPath(config.home, stationId, snapshotId)));
    const add = (table: Table, cells: Iterable<Cell[]>, ...key: Cell[]) => {
      for (const row of cells) buffer.get(table)!.push([...key, ...row]);
    };
    add("stateWeights", weightRows(forecaster), stationId, snapshotId);
    if (newest) {
      add("baselines", baselineRows(forecaster), stationId, throughTime);
      add("newestExpertWeights", expertWeightRows(forecaster), stationId, throughTime);
      add("newestEwmae", ewmaeRows(forecaster.scores.ewmaeValues()), stationId, throughTime);
      add("explanations", explanationRows(forecaster), stationId, throughTime);
    }
    await flush(maxBufferedRows);
  }
  await flush(1);
}

/**
 * Takes weights of states from the folder published last. Returns the states whose weights are there, as station and id,
 * because stations with equal hours have equal ids.
 */
async function takeWeights(
  store: Store,
  previous: string,
  states: readonly { stationId: string; snapshotId: string }[],
): Promise<Set<string>> {
  const pairs = states.map(({ stationId, snapshotId }) => `(${sqlText(stationId)}, ${sqlText(snapshotId)})`);
  await store.run(
    `INSERT INTO stateWeights BY NAME FROM ${parquetTable(join(previous, "weights.parquet"))}
     WHERE (stationId, snapshotId) IN (${["('', '')", ...pairs].join(", ")})`,
  );
  const rows = await store.all<{ state: string }>(
    "SELECT DISTINCT stationId || ' ' || snapshotId AS state FROM stateWeights",
  );
  return new Set(rows.map(({ state }) => state));
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
  const order = values.map((_, i) => i).sort((a, b) => step * (values[b]! - rounded[b]! - values[a]! + rounded[a]!));
  for (let n = 0; n < Math.abs(left); n++) rounded[order[n % order.length]!]! += step;
  return rounded;
}
