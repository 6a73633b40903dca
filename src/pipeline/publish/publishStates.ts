import { sqlText } from "../../data/store/sqlText.js";
import type { Cell, Store } from "../../data/store/store.js";
import { explanationOf } from "../../model/forecaster/explanation.js";
import { Forecaster } from "../../model/forecaster/forecaster.js";
import { regressionWeights } from "../../model/forecaster/regressionWeights.js";
import {
  expertNames,
  maxLeadHours,
  modelNames,
  publishedModel,
  type Variable,
  variables,
} from "../../model/vocabulary.js";
import type { Config } from "../../shared/config.js";
import { tenth } from "../replay/forecastRows.js";
import { ewmaeRows } from "../train/appendResult.js";
import { readSnapshot, snapshotPath } from "../train/snapshotFile.js";

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

/** So many rows are held before they are appended: those of a thousand stations would take gigabytes. */
const maxBufferedRows = 100_000;

/**
 * Temporary tables of what only states know: the weights of each that is kept, and of each station's newest what the
 * baselines issued, how the experts were weighed, EWMAE, and what the forecast is made of.
 * @param now nothing later; a SQL timestamp
 * @param without stations that are not published, of which no state is read
 */
export async function prepareStates(
  store: Store,
  config: Config,
  { now, without }: { now: string; without: readonly string[] },
): Promise<void> {
  const kept = await store.all<{ stationId: string; snapshotId: string; throughTime: number; newest: boolean }>(
    `SELECT stationId, snapshotId, epoch_ms(throughTime)::DOUBLE AS throughTime,
       throughTime = max(throughTime) OVER (PARTITION BY stationId) AS newest
     FROM snapshots WHERE kept AND throughTime <= TIMESTAMP '${now}' AND stationId NOT IN ('', ${without.map(sqlText).join(", ")})
     ORDER BY stationId, throughTime`,
  );
  const held = new Map<Table, Cell[][]>();
  for (const [table, columns] of Object.entries(tables)) {
    await store.run(`CREATE OR REPLACE TEMP TABLE ${table} (${columns})`);
    held.set(table as Table, []);
  }
  const append = async (least: number) => {
    for (const [table, rows] of held) {
      if (rows.length < least) continue;
      const names = tables[table].split(", ").map((column) => column.split(" ")[0]!);
      await store.append(table, names, rows);
      held.set(table, []);
    }
  };
  const forecaster = new Forecaster(config.model);
  for (const { stationId, snapshotId, throughTime, newest } of kept) {
    forecaster.restore(readSnapshot(snapshotPath(config.home, stationId, snapshotId)));
    const hold = (table: Table, cells: Iterable<Cell[]>, ...of: Cell[]) => {
      for (const row of cells) held.get(table)!.push([...of, ...row]);
    };
    hold("stateWeights", weightRows(forecaster), stationId, snapshotId);
    if (newest) {
      hold("baselines", baselineRows(forecaster), stationId, throughTime);
      hold("newestExpertWeights", expertWeightRows(forecaster), stationId, throughTime);
      hold("newestEwmae", ewmaeRows(forecaster.scores.ewmaeValues()), stationId, throughTime);
      hold("explanations", explanationRows(forecaster), stationId, throughTime);
    }
    await append(maxBufferedRows);
  }
  await append(1);
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
    if (modelNames[k] === publishedModel) continue;
    for (const [variable, lead, column] of columns())
      if (!Number.isNaN(values[column])) yield [lead, variable, modelNames[k]!, tenth(values[column]!)];
  }
}

/** variable, model, lead, weight */
function* expertWeightRows(forecaster: Forecaster): Generator<Cell[]> {
  for (const [variable, lead, column] of columns()) {
    if (Number.isNaN(forecaster.issued[mixture]![column])) continue;
    for (const [k, model] of expertNames.entries())
      yield [variable, model, lead, forecaster.weights[column * expertNames.length + k]!];
  }
}

/** variable, lead, part, contribution: of each lead as many hundredths as the forecast to the tenth has. */
function* explanationRows(forecaster: Forecaster): Generator<Cell[]> {
  for (const [variable, lead, column] of columns()) {
    const parts = explanationOf(forecaster, variable, lead);
    if (parts.length === 0) continue;
    const forecast = tenth(forecaster.issued[mixture]![column]!)!;
    const hundredths = roundToTotal(
      parts.map(({ contributionC }) => contributionC * 100),
      Math.round(forecast * 100),
    );
    for (const [i, { feature }] of parts.entries())
      if (hundredths[i] !== 0) yield [variable, lead, feature, hundredths[i]! / 100];
  }
}

const mixture = modelNames.indexOf(publishedModel);

function* columns(): Generator<[Variable, leadHours: number, column: number]> {
  for (const [v, variable] of variables.entries())
    for (let lead = 1; lead <= maxLeadHours; lead++) yield [variable, lead, v * maxLeadHours + lead - 1];
}

/**
 * Values rounded to whole numbers that add up to `total`: those are moved by one that rounding moved furthest the other
 * way (Hamilton's method of largest remainders).
 */
export function roundToTotal(values: readonly number[], total: number): number[] {
  const rounded = values.map(Math.round);
  const left = total - rounded.reduce((sum, value) => sum + value, 0);
  const step = Math.sign(left);
  const order = values.map((_, i) => i).sort((a, b) => step * (values[b]! - rounded[b]! - values[a]! + rounded[a]!));
  for (let n = 0; n < Math.abs(left); n++) rounded[order[n % order.length]!]! += step;
  return rounded;
}
