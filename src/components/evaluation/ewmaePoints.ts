import { ewmaeRaw, fastRate } from "../../model/scores/ewmae.js";
import type { EwmaeSeries } from "../../shared/published/stationEvaluation.js";

/** The EWMAE at one time, °C; raw as the seed has it, started at 0, or corrected of that. */
export interface EwmaePoint {
  time: number;
  /** Errors averaged so far. */
  n: number;
  validation: number;
  training: number;
  validationCorrected: number;
  trainingCorrected: number;
  validationSlow: number;
}

/** The points of a series, in order of time. */
export function ewmaePoints(series: EwmaeSeries): EwmaePoint[] {
  let n = 0;
  return series.time.map((time, i) => {
    n += series.added[i]!;
    return {
      time,
      n,
      validation: ewmaeRaw(series.validation[i]!, n, fastRate),
      training: ewmaeRaw(series.training[i]!, n, fastRate),
      validationCorrected: series.validation[i]!,
      trainingCorrected: series.training[i]!,
      validationSlow: series.validationSlow[i]!,
    };
  });
}
