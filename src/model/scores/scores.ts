import type { Stateful } from "../arithmetic/state.js";
import { hourOfDay } from "../calendar.js";
import {
  columnCount,
  maxLeadHours,
  modelNames,
  naiveBaselines,
  publishedModel,
  quantileCount,
  quantileLevels,
  reportedLeads,
} from "../vocabulary.js";
import { crps, pinball, pitBin } from "./crps.js";
import { ewmaeCorrected, ewmaeStep, fastRate, slowRate } from "./ewmae.js";

const models = modelNames.length;
const bins = quantileCount + 1;
const reported = reportedLeads.length;
const levels = Object.values(quantileLevels);
/** Models whose errors are kept by hour of the day too: the published one and what its skill is measured against. */
const hourlyModels = [...naiveBaselines, publishedModel].map((model) => modelNames.indexOf(model));
/** Length of the sums of a calibration: n, ΣCRPS, bins, Σ pinball loss of each quantile. */
const calibrationLength = 2 + bins + quantileCount;
/** Fields of a sum of errors: n, Σ|e|, Σe, Σe². */
const errorCount = 0;
const absoluteSum = 1;
const errorSum = 2;
const squareSum = 3;
const errorLength = 4;
/** Fields of an EWMAE: how many errors, then the averages. */
const ewmaeCount = 0;
const validation = 1;
const training = 2;
const validationSlow = 3;
const ewmaeLength = 4;
/** Number of each column among the reported ones (variable × reported lead), -1 where its lead is not reported. */
const pairs = Array.from({ length: columnCount }, (_, column) => {
  const lead = (reportedLeads as readonly number[]).indexOf((column % maxLeadHours) + 1);
  return lead < 0 ? -1 : Math.floor(column / maxLeadHours) * reported + lead;
});

/** Errors of one model, variable and lead over the forecasts that came due in a month. */
export interface MonthlyScore {
  model: number;
  column: number;
  n: number;
  mae: number;
  bias: number;
  rmse: number;
}

/** How the issued quantiles did over a month, of one variable and lead. */
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

/** The same over the valid times of one hour of the day. */
export interface HourlyCalibration extends MonthlyCalibration {
  hourOfDay: number;
}

/** Errors by hour of the day of the valid time, in the month under way. */
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
 * Running scores of every model: sums over the month under way, in single precision, which a few hundred errors do not
 * exhaust, and EWMAE since the beginning.
 */
export class Scores implements Stateful {
  /** model × column × (n, Σ|e|, Σe, Σe²) */
  private readonly sums = new Float32Array(models * columnCount * errorLength);
  /** column × (n, ΣCRPS, bins, pinball) of the published model */
  private readonly calibration = new Float32Array(columnCount * calibrationLength);
  /** hourly model × reported column × hour × (n, Σ|e|, Σe, Σe²) */
  private readonly hourly = new Float32Array(hourlyModels.length * 2 * reported * 24 * errorLength);
  /** reported column × hour × (n, ΣCRPS, bins, pinball) */
  private readonly hourlyCalibration = new Float32Array(2 * reported * 24 * calibrationLength);
  /** model × reported column × (n, validation, training, slow) */
  private readonly ewmae = new Float64Array(models * 2 * reported * ewmaeLength);
  readonly state = [this.sums, this.calibration, this.hourly, this.hourlyCalibration, this.ewmae];

  /** Scores a forecast that has come due; `error` is forecast minus truth, °C. */
  addValidation(model: number, column: number, validHour: number, error: number): void {
    addError(this.sums, (model * columnCount + column) * errorLength, error);
    const pair = pairs[column];
    if (pair < 0) return;
    const hourlyModel = hourlyModels.indexOf(model);
    if (hourlyModel >= 0) {
      const hourly = (hourlyModel * 2 * reported + pair) * 24 + hourOfDay(validHour);
      addError(this.hourly, hourly * errorLength, error);
    }
    const { ewmae } = this;
    const at = (model * 2 * reported + pair) * ewmaeLength;
    const size = Math.abs(error);
    ewmae[at + ewmaeCount] += 1;
    ewmae[at + validation] = ewmaeStep(ewmae[at + validation], size, fastRate);
    ewmae[at + validationSlow] = ewmaeStep(ewmae[at + validationSlow], size, slowRate);
  }

  /** Scores what a model would forecast now for an hour it has learned. Only reported leads are scored. */
  addTraining(model: number, column: number, error: number): void {
    const pair = pairs[column];
    if (pair < 0) return;
    const at = (model * 2 * reported + pair) * ewmaeLength + training;
    this.ewmae[at] = ewmaeStep(this.ewmae[at], Math.abs(error), fastRate);
  }

  /** Scores the quantiles of one issued forecast. */
  addQuantiles(column: number, validHour: number, bounds: ArrayLike<number>, y: number): void {
    const score = crps(bounds, y);
    const bin = pitBin(bounds, y);
    addCalibration(this.calibration, column * calibrationLength, score, bin, bounds, y);
    const pair = pairs[column];
    if (pair < 0) return;
    const at = (pair * 24 + hourOfDay(validHour)) * calibrationLength;
    addCalibration(this.hourlyCalibration, at, score, bin, bounds, y);
  }

  /** Forgets the sums of the month (EWMAE goes on). */
  clearMonth(): void {
    this.sums.fill(0);
    this.calibration.fill(0);
    this.hourly.fill(0);
    this.hourlyCalibration.fill(0);
  }

  *monthly(): Generator<MonthlyScore> {
    for (let model = 0; model < models; model++)
      for (let column = 0; column < columnCount; column++) {
        const score = errorsOf(this.sums, (model * columnCount + column) * errorLength);
        if (score.n > 0) yield { model, column, ...score };
      }
  }

  *monthlyCalibration(): Generator<MonthlyCalibration> {
    for (let column = 0; column < columnCount; column++) {
      const calibration = calibrationOf(this.calibration, column * calibrationLength);
      if (calibration.n > 0) yield { column, ...calibration };
    }
  }

  *monthlyByHour(): Generator<HourlyScore> {
    for (const [place, model] of hourlyModels.entries())
      for (const { pair, column } of reportedColumns())
        for (let hour = 0; hour < 24; hour++) {
          const score = errorsOf(this.hourly, ((place * 2 * reported + pair) * 24 + hour) * errorLength);
          if (score.n > 0) yield { model, column, hourOfDay: hour, ...score };
        }
  }

  *monthlyCalibrationByHour(): Generator<HourlyCalibration> {
    for (const { pair, column } of reportedColumns())
      for (let hour = 0; hour < 24; hour++) {
        const calibration = calibrationOf(this.hourlyCalibration, (pair * 24 + hour) * calibrationLength);
        if (calibration.n > 0) yield { column, hourOfDay: hour, ...calibration };
      }
  }

  /** EWMAE of models, of every one unless told otherwise, at the reported leads, as it stands. */
  *ewmaeValues(of: Iterable<number> = modelNames.keys()): Generator<EwmaeValue> {
    for (const model of of)
      for (const { pair, column } of reportedColumns()) {
        const at = (model * 2 * reported + pair) * ewmaeLength;
        const [n, fast, learned, slow] = this.ewmae.subarray(at, at + ewmaeLength);
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

/** Columns of the reported leads, and the place of each among them. */
function* reportedColumns(): Generator<{ pair: number; column: number }> {
  for (let variable = 0; variable < 2; variable++)
    for (let place = 0; place < reported; place++)
      yield { pair: variable * reported + place, column: variable * maxLeadHours + reportedLeads[place] - 1 };
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
  y: number,
): void {
  sums[at] += 1;
  sums[at + 1] += score;
  sums[at + 2 + bin] += 1;
  for (let q = 0; q < quantileCount; q++) sums[at + 2 + bins + q] += pinball(levels[q], bounds[q], y);
}

function calibrationOf(sums: Float32Array, at: number): Omit<MonthlyCalibration, "column"> {
  const n = sums[at];
  return {
    n,
    crps: sums[at + 1] / n,
    bins: Array.from(sums.subarray(at + 2, at + 2 + bins)),
    pinball: Array.from(sums.subarray(at + 2 + bins, at + calibrationLength), (sum) => sum / n),
  };
}
