import { hourOfDay } from "../calendar.js";
import { columnOf, variables } from "../vocabulary.js";
import { type HourFeatures, harmonicNames, orZero } from "./features.js";
import type { History } from "./history.js";

/** The day's three harmonics and the year's first, cosine and sine of each. */
const harmonics = 8;

/** Names of the features of a correction that come from the guidance, in order. */
export const guidanceFeatureNames: readonly string[] = [
  "constant",
  "guidance error now, T",
  "guidance error now, Td",
  "guidance error of a day, T",
  "guidance error of a week, T",
  "guidance error of a day, Td",
  "guidance error at this hour of the day, T",
  "guidance change of 1 h, T",
  "guidance change of 1 h, Td",
  "guidance change of 24 h, T",
  "guidance range of 24 h",
  "guidance mean of 24 h",
  "guidance T-Td of 24 h",
  ...harmonicNames.slice(0, 2).map((name) => `guidance error now × ${name}`),
  ...harmonicNames.slice(0, 4).map((name) => `guidance error of a week × ${name}`),
  ...harmonicNames.slice(0, harmonics),
];
export const guidanceFeatureCount = guidanceFeatureNames.length;
const day = 24;
const week = 168;
/** Rate of the mean error at each hour of the day. */
const hourlyRate = 0.1;

// Places in the memory.
const expected = 1;
const dayError = expected + variables.length;
const weekError = dayError + 1;
const dayErrorDewPoint = weekError + 1;
const hourlyErrors = dayErrorDewPoint + 1;

/**
 * What the guidance of one source and its latest errors say, from which corrections learn. An error is the newest
 * observation minus the guidance for that hour as it was used an hour before.
 */
export class GuidanceFeatures {
  readonly x = new Float64Array(guidanceFeatureCount);
  /**
   * The hour last observed and the guidance of each variable for the next hour, NaN without guidance; then mean errors:
   * of T with the rate of a day and of a week, of Td with that of a day, of T at each hour of the day.
   */
  readonly memory = new Float64Array(hourlyErrors + day);

  constructor() {
    this.forget();
  }

  /** The hour last observed; NaN when there was no guidance. */
  get hour(): number {
    return this.memory[0];
  }

  /** Marks the newest hour as one without guidance. */
  forget(): void {
    this.memory.fill(Number.NaN, 0, dayError);
  }

  /** Computes the features of an hour with guidance, by column, °C, NaN where missing. */
  compute(hour: number, history: History, { harmonics: cycles }: HourFeatures, guidance: Float32Array): void {
    const { x, memory } = this;
    const [temperature, dewPoint] = [history.temperatureAt(0), history.dewPointAt(0)];
    const ofHour = hourlyErrors + hourOfDay(hour);
    let [error, errorDewPoint] = [0, 0];
    if (memory[0] === hour - 1) {
      error = orZero(temperature - memory[expected]);
      errorDewPoint = orZero(dewPoint - memory[expected + 1]);
      memory[dayError] += (error - memory[dayError]) / day;
      memory[weekError] += (error - memory[weekError]) / week;
      memory[dayErrorDewPoint] += (errorDewPoint - memory[dayErrorDewPoint]) / day;
      memory[ofHour] += (error - memory[ofHour]) * hourlyRate;
    }
    const [low, high, mean, depression] = nextDay(guidance);
    let i = 0;
    x[i++] = 1;
    x[i++] = error / 5;
    x[i++] = errorDewPoint / 5;
    for (let k = dayError; k < hourlyErrors; k++) x[i++] = memory[k] / 5;
    x[i++] = memory[ofHour] / 5;
    x[i++] = orZero(guidance[columnOf(0, 1)] - temperature) / 5;
    x[i++] = orZero(guidance[columnOf(1, 1)] - dewPoint) / 5;
    x[i++] = orZero(guidance[columnOf(0, day)] - temperature) / 10;
    x[i++] = orZero(high - low) / 10;
    x[i++] = orZero(mean) / 10;
    x[i++] = orZero(depression) / 5;
    for (let k = 0; k < 2; k++) x[i++] = (error / 5) * cycles[k];
    for (let k = 0; k < 4; k++) x[i++] = (memory[weekError] / 5) * cycles[k];
    for (let k = 0; k < harmonics; k++) x[i++] = cycles[k];
    for (let v = 0; v < variables.length; v++) memory[expected + v] = guidance[columnOf(v, 1)];
    memory[0] = hour;
  }
}

/** Lowest, highest and mean temperature and mean dew-point depression of the next 24 hours; NaN when missing. */
function nextDay(guidance: Float32Array): [number, number, number, number] {
  let [low, high, sum, n] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  let [depressions, both] = [0, 0];
  for (let lead = 1; lead <= day; lead++) {
    const t = guidance[columnOf(0, lead)];
    const td = guidance[columnOf(1, lead)];
    if (Number.isNaN(t)) continue;
    low = Math.min(low, t);
    high = Math.max(high, t);
    sum += t;
    n++;
    if (Number.isNaN(td)) continue;
    depressions += t - td;
    both++;
  }
  return n === 0 ? [Number.NaN, Number.NaN, Number.NaN, Number.NaN] : [low, high, sum / n, depressions / both];
}
