import { hourOfDay } from "./calendar.js";
import { ewmaeCorrected, ewmaeStep, fastRate, slowRate } from "./ewmae.js";
import { columnCount } from "./expert.js";
import { crps, pitBin, quantileCount } from "./intervals.js";
import type { Stateful } from "./state.js";
import { maxLeadHours, modelNames, reportedLeads } from "./vocabulary.js";

const models = modelNames.length;
const bins = quantileCount + 1;
const reported = reportedLeads.length;
/** Place of a lead in `reportedLeads`, -1 where it is not one of them. */
const reportedPlace = Array.from({ length: maxLeadHours + 1 }, (_, lead) =>
  (reportedLeads as readonly number[]).indexOf(lead),
);

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
}

/** Errors by hour of the day of the valid time. */
export interface HourlyScore {
  model: number;
  column: number;
  hourOfDay: number;
  n: number;
  mae: number;
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

/** Running scores of every model: sums over the month under way, and EWMAE since the beginning. */
export class Scores implements Stateful {
  /** model × column × (n, Σ|e|, Σe, Σe²) */
  private readonly sums = new Float64Array(models * columnCount * 4);
  /** column × (n, ΣCRPS, bins) of the published model */
  private readonly calibration = new Float64Array(columnCount * (2 + bins));
  /** model × reported column × hour × (n, Σ|e|) */
  private readonly hourly = new Float64Array(models * 2 * reported * 24 * 2);
  /** model × reported column × (n, validation, training, slow) */
  private readonly ewmae = new Float64Array(models * 2 * reported * 4);
  readonly state = [this.sums, this.calibration, this.hourly, this.ewmae];

  /** Scores one forecast that came due. `trained` is what the model would say now, `error` forecast minus truth. */
  add(model: number, column: number, validHour: number, error: number, trainedError: number): void {
    const size = Math.abs(error);
    const i = (model * columnCount + column) * 4;
    this.sums[i] += 1;
    this.sums[i + 1] += size;
    this.sums[i + 2] += error;
    this.sums[i + 3] += error * error;
    const place = reportedPlace[(column % maxLeadHours) + 1];
    if (place < 0) return;
    const r = (model * 2 + (column < maxLeadHours ? 0 : 1)) * reported + place;
    const h = (r * 24 + hourOfDay(validHour)) * 2;
    this.hourly[h] += 1;
    this.hourly[h + 1] += size;
    const e = this.ewmae;
    e[4 * r] += 1;
    e[4 * r + 1] = ewmaeStep(e[4 * r + 1], size, fastRate);
    e[4 * r + 2] = ewmaeStep(e[4 * r + 2], Math.abs(trainedError), fastRate);
    e[4 * r + 3] = ewmaeStep(e[4 * r + 3], size, slowRate);
  }

  /** Scores the quantiles of one issued forecast. */
  addQuantiles(column: number, bounds: ArrayLike<number>, y: number): void {
    const i = column * (2 + bins);
    this.calibration[i] += 1;
    this.calibration[i + 1] += crps(bounds, y);
    this.calibration[i + 2 + pitBin(bounds, y)] += 1;
  }

  /** Forgets the sums of the month (EWMAE goes on). */
  clearMonth(): void {
    this.sums.fill(0);
    this.calibration.fill(0);
    this.hourly.fill(0);
  }

  *monthly(): Generator<MonthlyScore> {
    for (let model = 0; model < models; model++)
      for (let column = 0; column < columnCount; column++) {
        const i = (model * columnCount + column) * 4;
        const n = this.sums[i];
        if (n > 0)
          yield {
            model,
            column,
            n,
            mae: this.sums[i + 1] / n,
            bias: this.sums[i + 2] / n,
            rmse: Math.sqrt(this.sums[i + 3] / n),
          };
      }
  }

  *monthlyCalibration(): Generator<MonthlyCalibration> {
    for (let column = 0; column < columnCount; column++) {
      const i = column * (2 + bins);
      const n = this.calibration[i];
      if (n > 0)
        yield {
          column,
          n,
          crps: this.calibration[i + 1] / n,
          bins: Array.from(this.calibration.subarray(i + 2, i + 2 + bins)),
        };
    }
  }

  *monthlyByHour(): Generator<HourlyScore> {
    for (const { r, model, column } of this.reportedColumns())
      for (let hour = 0; hour < 24; hour++) {
        const n = this.hourly[(r * 24 + hour) * 2];
        if (n > 0) yield { model, column, hourOfDay: hour, n, mae: this.hourly[(r * 24 + hour) * 2 + 1] / n };
      }
  }

  /** EWMAE of every model at the reported leads, as it stands. */
  *ewmaeValues(): Generator<EwmaeValue> {
    for (const { r, model, column } of this.reportedColumns()) {
      const [n, validation, training, slow] = this.ewmae.subarray(4 * r, 4 * r + 4);
      if (n > 0)
        yield {
          model,
          column,
          n,
          validation,
          training,
          validationCorrected: ewmaeCorrected(validation, n, fastRate),
          trainingCorrected: ewmaeCorrected(training, n, fastRate),
          validationSlow: ewmaeCorrected(slow, n, slowRate),
        };
    }
  }

  private *reportedColumns(): Generator<{ r: number; model: number; column: number }> {
    for (let model = 0; model < models; model++)
      for (let variable = 0; variable < 2; variable++)
        for (let place = 0; place < reported; place++)
          yield {
            r: (model * 2 + variable) * reported + place,
            model,
            column: variable * maxLeadHours + reportedLeads[place] - 1,
          };
  }
}
