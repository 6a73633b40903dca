import { createHash } from "node:crypto";
import { dayOf, monthOf } from "../../model/calendar.js";
import type { QuestionScore } from "../../model/draws/questionScores.js";
import type { ExpertPriors } from "../../model/experts/createExperts.js";
import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import type { ExtremeScore } from "../../model/extremes/extremeScores.js";
import type { ExtremeForecast } from "../../model/extremes/extremes.js";
import { Forecaster } from "../../model/forecaster/forecaster.js";
import { guidanceAt, type StationHours } from "../../model/forecaster/tracedReplay.js";
import { fieldValueCount } from "../../model/network/fields.js";
import { type Around, NetworkReplay } from "../../model/network/networkReplay.js";
import type { PairedLoss, WorstMiss } from "../../model/scores/dailyScores.js";
import type {
  EwmaeValue,
  HourlyCalibration,
  HourlyScore,
  MonthlyCalibration,
  MonthlyScore,
} from "../../model/scores/scores.js";
import {
  columnOf,
  expertNames,
  guidanceSources,
  publishedIndex,
  quantities,
  reportedLeads,
  variables,
} from "../../model/vocabulary.js";
import { type EveningForecast, eveningForecast, isEvening } from "./eveningForecast.js";

/** Hours between stored EWMAE values and between stored expert weights; 73 favours no hour of the day. */
const ewmaeEvery = 73;
const weightsEvery = 168;

/** Consecutive hours of one station and the state to continue from. */
export interface ReplayTask extends StationHours {
  options: ForecasterOptions;
  /** The network around the station, or the fields of each hour (hour × point × field); null when it is in none. */
  around: Around | Float32Array | null;
  /** Where the regressions start; empty for a cold start, and when a state is given. */
  priors: ExpertPriors;
  /** Null to begin at the first hour. */
  state: Uint8Array | null;
  /** Chained digest of the hours consumed before, hexadecimal. */
  hoursDigest: string;
  /** Hours (since 1970) with a snapshot, ascending; those in `keepStates` include the state. */
  snapshotHours: number[];
  keepStates: number[];
  /** Forecasts issued from this hour on are returned with all leads and quantiles. */
  forecastsFrom: number;
  /** From this hour on, the EWMAE of the published model is returned at every hour. */
  ewmaeHoursFrom: number;
  /** From this hour on, evening forecasts are returned. */
  eveningsFrom: number;
}

export interface ReplaySnapshot {
  throughHour: number;
  hoursDigest: string;
  stateDigest: string;
  stateBytes: number;
  state: Uint8Array | null;
}

export interface ReplayResult {
  snapshots: ReplaySnapshot[];
  /** Each hour with a forecast, and the digest of that forecast. */
  issues: { hour: number; digest: string }[];
  forecasts: { hour: number; values: Float32Array; quantiles: Float32Array; extremes: ExtremeForecast[] }[];
  evenings: EveningForecast[];
  /** Scores of each month at its end, or at the end of the replay. */
  months: {
    month: number;
    scores: MonthlyScore[];
    byHour: HourlyScore[];
    calibration: MonthlyCalibration[];
    calibrationByHour: HourlyCalibration[];
    extremes: ExtremeScore[];
    questions: QuestionScore[];
  }[];
  /** Losses and misses of each day at its end, or at the end of the replay. */
  days: { day: number; losses: PairedLoss[]; misses: WorstMiss[] }[];
  ewmae: { hour: number; values: EwmaeValue[] }[];
  /** EWMAE of the published model, hour by hour. */
  ewmaeHours: { hour: number; values: EwmaeValue[] }[];
  weights: { hour: number; column: number; weights: number[] }[];
  alarms: { hour: number; variable: number; side: -1 | 1 }[];
}

/** Runs hours through the loop of predict, score, learn, and collects the results that are stored. */
export function replay(task: ReplayTask): ReplayResult {
  const forecaster = new Forecaster(task.options, task.priors);
  if (task.state) forecaster.restore(task.state);
  const result: ReplayResult = {
    snapshots: [],
    issues: [],
    forecasts: [],
    evenings: [],
    months: [],
    days: [],
    ewmae: [],
    ewmaeHours: [],
    weights: [],
    alarms: [],
  };
  let { hoursDigest } = task;
  const { utcOffset = 0 } = task.options;
  const snapshotHours = new Set(task.snapshotHours);
  const keepStates = new Set(task.keepStates);
  const fieldsAt = fieldsOf(task);
  const width = quantities.length;
  const count = task.values.length / width;
  for (let i = 0; i < count; i++) {
    const hour = task.firstHour + i;
    const values = task.values.subarray(i * width, (i + 1) * width);
    // A forecast counts in the month and day it comes due, and `step` resets the scores when a new one begins.
    if (i > 0 && monthOf(hour) !== monthOf(hour - 1)) result.months.push(monthResult(forecaster, monthOf(hour - 1)));
    if (i > 0 && dayOf(hour) !== dayOf(hour - 1)) result.days.push(dayResult(forecaster, dayOf(hour - 1)));
    const guidance = guidanceAt(task, i);
    const fields = fieldsAt(hour);
    forecaster.step(hour, values, guidance, fields);
    hoursDigest = chainHour(hoursDigest, hour, values, { guidance, fields });
    const issued = forecaster.issued[publishedIndex];
    if (!Number.isNaN(issued[0])) {
      const heatC = Float32Array.of(forecaster.extremes.heatAt(hour));
      const digest = digestOf(issued, forecaster.quantiles, forecaster.extremes.quantiles, heatC).slice(0, 16);
      result.issues.push({ hour, digest });
      if (hour >= task.forecastsFrom) {
        result.forecasts.push({
          hour,
          values: issued.slice(),
          quantiles: forecaster.quantiles.slice(),
          extremes: [...forecaster.extremes.issued(hour)],
        });
      }
      if (hour >= task.eveningsFrom && isEvening(hour, utcOffset)) {
        const known = { guidance, temperatureC: values[0]!, utcOffset };
        result.evenings.push(eveningForecast({ hour, digest }, forecaster.extremes.issued(hour), known));
      }
    }
    if (hour % ewmaeEvery === 0) result.ewmae.push({ hour, values: [...forecaster.scores.ewmaeValues()] });
    if (hour >= task.ewmaeHoursFrom) {
      result.ewmaeHours.push({ hour, values: [...forecaster.scores.ewmaeValues([publishedIndex])] });
    }
    if (hour % weightsEvery === 0) result.weights.push(...weightsResult(forecaster, hour));
    forecaster.alarms.forEach((side, variable) => {
      if (side !== 0) result.alarms.push({ hour, variable, side });
    });
    if (snapshotHours.has(hour)) {
      const state = forecaster.serialize();
      result.snapshots.push({
        throughHour: hour,
        hoursDigest,
        stateDigest: digestOf(state),
        stateBytes: state.byteLength,
        state: keepStates.has(hour) ? state : null,
      });
    }
  }
  if (count > 0) {
    const lastHour = task.firstHour + count - 1;
    result.months.push(monthResult(forecaster, monthOf(lastHour)));
    result.days.push(dayResult(forecaster, dayOf(lastHour)));
  }
  return result;
}

function fieldsOf({ around, firstHour }: ReplayTask): (hour: number) => Float32Array | undefined {
  if (around === null) return () => undefined;
  if (around instanceof Float32Array)
    return (hour) => around.subarray((hour - firstHour) * fieldValueCount, (hour - firstHour + 1) * fieldValueCount);
  const network = new NetworkReplay(around);
  return (hour) => network.at(hour);
}

function monthResult({ scores, extremes, joint }: Forecaster, month: number): ReplayResult["months"][number] {
  return {
    month,
    scores: [...scores.monthly()],
    byHour: [...scores.monthlyByHour()],
    calibration: [...scores.monthlyCalibration()],
    calibrationByHour: [...scores.monthlyCalibrationByHour()],
    extremes: [...extremes.scores.monthly()],
    questions: [...joint.scores.monthly()],
  };
}

function dayResult({ dailyScores }: Forecaster, day: number): ReplayResult["days"][number] {
  return { day, losses: [...dailyScores.pairedLosses()], misses: [...dailyScores.worstMisses()] };
}

function weightsResult(forecaster: Forecaster, hour: number): ReplayResult["weights"] {
  if (Number.isNaN(forecaster.issued[publishedIndex][0])) return [];
  const count = expertNames.length;
  return variables.flatMap((_, variable) =>
    reportedLeads.map((lead) => {
      const column = columnOf(variable, lead);
      return { hour, column, weights: Array.from(forecaster.weights.subarray(column * count, (column + 1) * count)) };
    }),
  );
}

/**
 * Adds an hour to the digest of the hours consumed: SHA-256 of the previous digest, the hour, its values, the
 * guidance of each source that has some, and in a network the fields around the station.
 */
function chainHour(
  before: string,
  hour: number,
  values: Float64Array,
  { guidance, fields }: { guidance: readonly (Float32Array | null)[]; fields: Float32Array | undefined },
): string {
  const hash = createHash("sha256")
    .update(before)
    .update(Float64Array.of(hour, ...values));
  for (const [i, values] of guidance.entries())
    if (values && !values.every(Number.isNaN)) hash.update(guidanceSources[i]!).update(values);
  if (fields) hash.update(fields);
  return hash.digest("hex");
}

function digestOf(...arrays: (Float32Array | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const array of arrays) hash.update(array);
  return hash.digest("hex");
}
