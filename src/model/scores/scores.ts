import type { Stateful } from "../arithmetic/state.js";
import { hourOfDay } from "../calendar.js";
import {
  columnCount,
  levels,
  modelNames,
  naiveBaselines,
  publishedModel,
  quantileCount,
  reportedColumns,
  reportedIndex,
} from "../vocabulary.js";
import { crps, pinball, pitBin } from "./crps.js";
import { ewmaeCorrected, ewmaeStep, fastRate, slowRate } from "./ewmae.js";

const models = modelNames.length;
const hoursOfDay = 24;
/** Models with scores by hour of the day: the published one and the baselines of its skill. */
const hourlyModels = [...naiveBaselines, publishedModel].map((model) => modelNames.indexOf(model));

/** Fields of a sum of errors: n, Σ|e|, Σe, Σe². */
const errorCount = 0;
const absoluteSum = 1;
const errorSum = 2;
const squareSum = 3;
const errorFields = 4;

/** Fields of a calibration: n, ΣCRPS, a count for each bin, Σ pinball loss of each quantile. */
const calibrationCount = 0;
const crpsSum = 1;
const firstBin = 2;
const firstPinball = firstBin + quantileCount + 1;
const calibrationFields = firstPinball + quantileCount;

/** Fields of an EWMAE: how many errors, then the averages. */
const ewmaeCount = 0;
const validation = 1;
const training = 2;
const validationSlow = 3;
const ewmaeFields = 4;

/** Errors of one model at one column, over the forecasts that came due in a month. */
export interface MonthlyScore {
  model: number;
  column: number;
  n: number;
  mae: number;
  bias: number;
  rmse: number;
}

/** Calibration of the issued quantiles at one column over a month. */
export interface MonthlyCalibration {
  column: number;
  n: number;
  /** mean CRPS, °C */
  crps: number;
  /** observations in each of the eight bins between the quantiles, lowest first */
  bins: number[];
  /** mean pinball loss of each quantile, lowest first, °C */
  pinball: number[];
}

/** Calibration of the valid times at one hour of the day, in the current month. */
export interface HourlyCalibration extends MonthlyCalibration {
  hourOfDay: number;
}

/** Errors for the valid times at one hour of the day, in the current month. */
export interface HourlyScore extends MonthlyScore {
  hourOfDay: number;
}

export interface EwmaeValue {
  model: number;
  column: number;
  n: number;
  validation: number;
  training: number;
  validationCorrected: number;
  trainingCorrected: number;
  validationSlow: number;
}

/**
 * Running scores of every model: sums over the current month, and EWMAE since the start. The sums are in single
 * precision, which is enough for a few hundred errors.
 */
export class Scores implements Stateful {
  /** model × column × error fields */
  private readonly sums = new Float32Array(models * columnCount * errorFields);
  /** column × calibration fields, of the published model */
  private readonly calibration = new Float32Array(columnCount * calibrationFields);
  /** hourly model × reported column × hour of the day × error fields */
  private readonly hourly = new Float32Array(hourlyModels.length * reportedColumns.length * hoursOfDay * errorFields);
  /** reported column × hour of the day × calibration fields */
  private readonly hourlyCalibration = new Float32Array(reportedColumns.length * hoursOfDay * calibrationFields);
  /** model × reported column × EWMAE fields */
  private readonly ewmae = new Float64Array(models * reportedColumns.length * ewmaeFields);
  readonly state = [this.sums, this.calibration, this.hourly, this.hourlyCalibration, this.ewmae];

  /** Scores a forecast that has come due; `error` is forecast minus observation, °C. */
  addValidation(model: number, column: number, validHour: number, error: number): void {
    addError(this.sums, (model * columnCount + column) * errorFields, error);
    const reported = reportedIndex[column];
    if (reported < 0) return;
    const hourlyModel = hourlyModels.indexOf(model);
    if (hourlyModel >= 0) addError(this.hourly, hourlyOffset(hourlyModel, reported, hourOfDay(validHour)), error);
    const { ewmae } = this;
    const at = ewmaeOffset(model, reported);
    const size = Math.abs(error);
    ewmae[at + ewmaeCount] += 1;
    ewmae[at + validation] = ewmaeStep(ewmae[at + validation], size, fastRate);
    ewmae[at + validationSlow] = ewmaeStep(ewmae[at + validationSlow], size, slowRate);
  }

  /** Scores what a model would forecast for an hour after learning it. Ignores leads that are not reported. */
  addTraining(model: number, column: number, error: number): void {
    const reported = reportedIndex[column];
    if (reported < 0) return;
    const at = ewmaeOffset(model, reported) + training;
    this.ewmae[at] = ewmaeStep(this.ewmae[at], Math.abs(error), fastRate);
  }

  /** Scores the quantiles of a forecast that has come due. */
  addQuantiles(column: number, validHour: number, bounds: ArrayLike<number>, observed: number): void {
    const score = crps(bounds, observed);
    const bin = pitBin(bounds, observed);
    addCalibration(this.calibration, column * calibrationFields, score, bin, bounds, observed);
    const reported = reportedIndex[column];
    if (reported < 0) return;
    const at = hourlyCalibrationOffset(reported, hourOfDay(validHour));
    addCalibration(this.hourlyCalibration, at, score, bin, bounds, observed);
  }

  /** Starts the sums of a new month; EWMAE continues. */
  clearMonth(): void {
    this.sums.fill(0);
    this.calibration.fill(0);
    this.hourly.fill(0);
    this.hourlyCalibration.fill(0);
  }

  *monthly(): Generator<MonthlyScore> {
    for (let model = 0; model < models; model++)
      for (let column = 0; column < columnCount; column++) {
        const score = errorsOf(this.sums, (model * columnCount + column) * errorFields);
        if (score.n > 0) yield { model, column, ...score };
      }
  }

  *monthlyCalibration(): Generator<MonthlyCalibration> {
    for (let column = 0; column < columnCount; column++) {
      const calibration = calibrationOf(this.calibration, column * calibrationFields);
      if (calibration.n > 0) yield { column, ...calibration };
    }
  }

  *monthlyByHour(): Generator<HourlyScore> {
    for (const [hourlyModel, model] of hourlyModels.entries())
      for (const [reported, column] of reportedColumns.entries())
        for (let hour = 0; hour < hoursOfDay; hour++) {
          const score = errorsOf(this.hourly, hourlyOffset(hourlyModel, reported, hour));
          if (score.n > 0) yield { model, column, hourOfDay: hour, ...score };
        }
  }

  *monthlyCalibrationByHour(): Generator<HourlyCalibration> {
    for (const [reported, column] of reportedColumns.entries())
      for (let hour = 0; hour < hoursOfDay; hour++) {
        const calibration = calibrationOf(this.hourlyCalibration, hourlyCalibrationOffset(reported, hour));
        if (calibration.n > 0) yield { column, hourOfDay: hour, ...calibration };
      }
  }

  /** Current EWMAE at the reported leads, of the models given by index; defaults to all. */
  *ewmaeValues(modelIndices: Iterable<number> = modelNames.keys()): Generator<EwmaeValue> {
    for (const model of modelIndices)
      for (const [reported, column] of reportedColumns.entries()) {
        const at = ewmaeOffset(model, reported);
        const [n, fast, learned, slow] = this.ewmae.subarray(at, at + ewmaeFields);
        if (n > 0)
          yield {
            model,
            column,
            n,
            validation: fast,
            training: learned,
            validationCorrected: ewmaeCorrected(fast, n, fastRate),
            trainingCorrected: ewmaeCorrected(learned, n, fastRate),
            validationSlow: ewmaeCorrected(slow, n, slowRate),
          };
      }
  }
}

function hourlyOffset(hourlyModel: number, reported: number, hour: number): number {
  return ((hourlyModel * reportedColumns.length + reported) * hoursOfDay + hour) * errorFields;
}

function hourlyCalibrationOffset(reported: number, hour: number): number {
  return (reported * hoursOfDay + hour) * calibrationFields;
}

function ewmaeOffset(model: number, reported: number): number {
  return (model * reportedColumns.length + reported) * ewmaeFields;
}

function addError(sums: Float32Array, at: number, error: number): void {
  sums[at + errorCount] += 1;
  sums[at + absoluteSum] += Math.abs(error);
  sums[at + errorSum] += error;
  sums[at + squareSum] += error * error;
}

function errorsOf(sums: Float32Array, at: number): { n: number; mae: number; bias: number; rmse: number } {
  const n = sums[at + errorCount];
  return {
    n,
    mae: sums[at + absoluteSum] / n,
    bias: sums[at + errorSum] / n,
    rmse: Math.sqrt(sums[at + squareSum] / n),
  };
}

function addCalibration(
  sums: Float32Array,
  at: number,
  score: number,
  bin: number,
  bounds: ArrayLike<number>,
  observed: number,
): void {
  sums[at + calibrationCount] += 1;
  sums[at + crpsSum] += score;
  sums[at + firstBin + bin] += 1;
  for (let q = 0; q < quantileCount; q++) sums[at + firstPinball + q] += pinball(levels[q], bounds[q], observed);
}

function calibrationOf(sums: Float32Array, at: number): Omit<MonthlyCalibration, "column"> {
  const n = sums[at + calibrationCount];
  return {
    n,
    crps: sums[at + crpsSum] / n,
    bins: Array.from(sums.subarray(at + firstBin, at + firstPinball)),
    pinball: Array.from(sums.subarray(at + firstPinball, at + calibrationFields), (sum) => sum / n),
  };
}
