import { Climatology } from "./climatology.js";
import { delayLength, delayPlace } from "./delayLine.js";
import { DriftAlarm } from "./driftAlarm.js";
import { type Contribution, columnCount, type Expert } from "./expert.js";
import {
  featureCount,
  featureNames,
  HourFeatures,
  harmonicCount,
  harmonicNames,
  newestDewPointFeature,
  newestTemperatureFeature,
  shortFeatureNames,
  shortNewestDewPoint,
  shortNewestTemperature,
  temperatureScale,
} from "./features.js";
import { History } from "./history.js";
import { Intervals, quantileCount, quantileNames } from "./intervals.js";
import { LinearExpert } from "./linearExpert.js";
import { Mixture } from "./mixture.js";
import { Persistence, SeasonalNaive } from "./naiveExpert.js";
import { randomFeatureCount, withRandomFeatures } from "./randomFeatures.js";
import { Scores } from "./scores.js";
import { SgdExpert } from "./sgdExpert.js";
import { packState, type StateArray, unpackState } from "./state.js";
import { maxLeadHours, modelNames, variables } from "./vocabulary.js";

/** Changes whenever the same hours would give another state or other forecasts. */
export const modelVersion = 4;

/** The ridge regressions; what they look at and how strongly they are held to persistence at first. */
export interface ForecasterOptions {
  /** Prior variance δ of the weights of `rls` and `rlsTanh`; defaults to 0.1. */
  delta?: number;
  /** Prior variance of the weights of `hourlyRls`; defaults to 0.3. */
  hourlyDelta?: number;
  /** Innovations are clipped at this many mean absolute errors of their lead; defaults to 2. */
  huber?: number;
}

const mixtureIndex = modelNames.indexOf("mixture");
const p10 = quantileNames.indexOf("p10");
const p90 = quantileNames.indexOf("p90");
const dewPointFloor = variables.indexOf("dewPoint") * maxLeadHours;

/**
 * The forecaster of one station. `step` takes one hour after another, and at each: scores what has come due, learns
 * from it, then issues forecasts of both variables at 1 to 72 h. Nothing is learned before it is scored, nor before
 * it could have been known.
 */
export class Forecaster {
  readonly experts: readonly Expert[];
  private readonly history = new History();
  private readonly features = new HourFeatures();
  private readonly mixture: Mixture;
  private readonly intervals = new Intervals();
  readonly scores = new Scores();
  private readonly driftAlarms = variables.map(() => new DriftAlarm());

  /** Of each variable, whether the newest hour raised the alarm that forecasts had become too high (1) or low (-1). */
  readonly alarms: (-1 | 0 | 1)[] = variables.map(() => 0);

  /** What each model issued at the newest hour, by column, °C; NaN where it issued nothing. The last is the mixture. */
  readonly issued: readonly Float32Array[];
  /** Quantiles issued at the newest hour: column × quantile, °C; NaN where nothing is known of errors yet. */
  readonly quantiles = new Float32Array(columnCount * quantileCount);
  /** Weights of the experts at the newest hour: column × expert. */
  readonly weights: Float64Array;

  /** model × variable × delay line; quantile × variable × delay line */
  private readonly waiting: Float32Array;
  private readonly waitingQuantiles: Float32Array;
  private readonly state: readonly StateArray[];

  private readonly due: Float64Array;
  private readonly trained: readonly Float32Array[];
  private readonly mixing: Float64Array;
  private readonly bounds = new Float64Array(quantileCount);

  constructor(options: ForecasterOptions = {}) {
    this.experts = createExperts(options);
    const count = this.experts.length;
    this.mixture = new Mixture(columnCount, count);
    this.issued = modelNames.map(() => new Float32Array(columnCount).fill(Number.NaN));
    this.quantiles.fill(Number.NaN);
    this.weights = new Float64Array(columnCount * count);
    this.waiting = new Float32Array(modelNames.length * variables.length * delayLength).fill(Number.NaN);
    this.waitingQuantiles = new Float32Array(quantileCount * variables.length * delayLength).fill(Number.NaN);
    this.due = new Float64Array(count);
    this.trained = this.experts.map(() => new Float32Array(columnCount));
    this.mixing = new Float64Array(count);
    this.state = [
      ...this.history.state,
      ...this.experts.flatMap((expert) => expert.state),
      ...this.mixture.state,
      ...this.intervals.state,
      ...this.scores.state,
      ...this.driftAlarms.flatMap((alarm) => alarm.state),
      this.waiting,
      this.waitingQuantiles,
      ...this.issued,
      this.quantiles,
      this.weights,
    ];
  }

  /** Newest hour taken in (hours since 1970), NaN before the first. */
  get hour(): number {
    return this.history.hour;
  }

  /**
   * Takes the next hour in. `hour` counts from 1970 and must follow the one before; `values` holds what was observed,
   * in the order and units of `quantities`, NaN where missing.
   */
  step(hour: number, values: ArrayLike<number>): void {
    if (!(hour >= 0) || (!Number.isNaN(this.hour) && hour !== this.hour + 1))
      throw new Error(`hour ${hour} does not follow hour ${this.hour}`);
    this.scoreAndLearn(hour, values);
    this.history.push(hour, values);
    if (Number.isNaN(values[0])) this.skip(hour);
    else this.issue(hour);
  }

  private scoreAndLearn(hour: number, values: ArrayLike<number>): void {
    const { due, trained, mixing, bounds } = this;
    const count = this.experts.length;
    for (let variable = 0; variable < variables.length; variable++) {
      const y = values[variable];
      this.alarms[variable] = 0;
      if (Number.isNaN(y)) continue;
      for (let k = 0; k < count; k++) this.experts[k].learn(hour, variable, y, this.trained[k]);
      for (let lead = 1; lead <= maxLeadHours; lead++) {
        const place = variable * delayLength + delayPlace(hour, lead);
        const mixed = this.waiting[mixtureIndex * variables.length * delayLength + place];
        if (Number.isNaN(mixed)) continue;
        const column = variable * maxLeadHours + lead - 1;
        for (let k = 0; k < count; k++) {
          due[k] = this.waiting[k * variables.length * delayLength + place];
        }
        this.mixture.learn(column, mixed, due, y);
        this.mixture.weights(column, due, mixing);
        let trainedMixture = 0;
        for (let k = 0; k < count; k++) {
          if (Number.isNaN(due[k])) continue;
          const now = trained[k][column];
          const trainedForecast = Number.isNaN(now) ? due[k] : now;
          trainedMixture += mixing[k] * trainedForecast;
          this.scores.add(k, column, hour, due[k] - y, trainedForecast - y);
        }
        this.scores.add(mixtureIndex, column, hour, mixed - y, trainedMixture - y);
        for (let q = 0; q < quantileCount; q++)
          bounds[q] = this.waitingQuantiles[q * variables.length * delayLength + place];
        if (!Number.isNaN(bounds[0])) {
          this.scores.addQuantiles(column, hour, bounds, y);
          // The 80 % interval is 2.56 standard deviations wide.
          if (lead === 1) {
            const deviation = Math.max((bounds[p90] - bounds[p10]) / 2.56, 0.1);
            this.alarms[variable] = this.driftAlarms[variable].add((mixed - y) / deviation);
          }
        }
        this.intervals.learn(column, hour, mixed, bounds, y);
      }
    }
  }

  private skip(hour: number): void {
    for (const expert of this.experts) expert.skip(hour);
    for (const issued of this.issued) issued.fill(Number.NaN);
    this.quantiles.fill(Number.NaN);
    this.wait(hour);
  }

  private issue(hour: number): void {
    this.features.compute(this.history);
    for (let k = 0; k < this.experts.length; k++) {
      this.experts[k].observe(hour, this.history, this.features);
      this.experts[k].forecast(this.issued[k]);
    }
    const { due, mixing, bounds } = this;
    const mixture = this.issued[mixtureIndex];
    for (let column = 0; column < columnCount; column++) {
      for (let k = 0; k < due.length; k++) due[k] = this.issued[k][column];
      this.mixture.weights(column, due, mixing);
      let sum = due.every(Number.isNaN) ? Number.NaN : 0;
      for (let k = 0; k < due.length; k++) {
        this.weights[column * due.length + k] = mixing[k];
        if (mixing[k] > 0) sum += mixing[k] * due[k];
      }
      const at = column * quantileCount;
      mixture[column] = sum;
      this.intervals.bounds(column, hour + (column % maxLeadHours) + 1, sum, bounds);
      this.quantiles.set(bounds, at);
      // Air can't be more than saturated.
      if (column >= dewPointFloor) {
        const other = column - dewPointFloor;
        mixture[column] = Math.min(mixture[column], mixture[other]);
        for (let q = 0; q < quantileCount; q++)
          this.quantiles[at + q] = Math.min(this.quantiles[at + q], this.quantiles[other * quantileCount + q]);
      }
    }
    this.wait(hour);
  }

  /** Puts what was just issued where it waits for its hour. */
  private wait(hour: number): void {
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const delayed = delayPlace(hour, lead);
      for (let variable = 0; variable < variables.length; variable++) {
        const place = variable * delayLength + delayed;
        const column = variable * maxLeadHours + lead - 1;
        for (let k = 0; k < this.issued.length; k++)
          this.waiting[k * variables.length * delayLength + place] = this.issued[k][column];
        for (let q = 0; q < quantileCount; q++)
          this.waitingQuantiles[q * variables.length * delayLength + place] =
            this.quantiles[column * quantileCount + q];
      }
    }
  }

  /** Parts of the newest forecast of a column, which add up to it, °C. Empty when nothing was issued. */
  explain(column: number): Contribution[] {
    const total = this.issued[mixtureIndex][column];
    if (Number.isNaN(total)) return [];
    const parts = new Map<string, number>();
    const count = this.experts.length;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const weight = this.weights[column * count + k];
      if (!(weight > 0)) continue;
      for (const { feature, contributionC } of this.experts[k].explain(column)) {
        parts.set(feature, (parts.get(feature) ?? 0) + weight * contributionC);
        sum += weight * contributionC;
      }
    }
    // What single precision rounds off is noise; what is more than that is the cap at the temperature.
    if (sum - total > 1e-3) parts.set("capped at the temperature", total - sum);
    return Array.from(parts, ([feature, contributionC]) => ({ feature, contributionC }));
  }

  /** The whole state, as bytes. */
  serialize(): Uint8Array {
    return packState(this.state);
  }

  /** Goes on from what `serialize` gave, on a forecaster made with the same options. */
  restore(bytes: Uint8Array): void {
    unpackState(this.state, bytes);
  }
}

/** The experts, in the order of `modelNames`. */
export function createExperts({ delta = 0.1, hourlyDelta = 0.3, huber = 2 }: ForecasterOptions = {}): Expert[] {
  const persistence = { features: [newestTemperatureFeature, newestDewPointFeature], scale: temperatureScale };
  return [
    new Persistence(),
    new SeasonalNaive(),
    new Climatology(),
    new LinearExpert({
      name: "blend",
      dimension: 3 + harmonicCount,
      delta,
      huber,
      featureNames: ["constant", "T₋0", "Td₋0", ...harmonicNames],
      persistence: { features: [1, 2], scale: temperatureScale },
      inputs: ({ full, harmonics }, x) => {
        x[0] = 1;
        x[1] = full[newestTemperatureFeature];
        x[2] = full[newestDewPointFeature];
        x.set(harmonics, 3);
      },
    }),
    new SgdExpert(),
    new LinearExpert({
      name: "rls",
      dimension: featureCount,
      delta,
      huber,
      persistence,
      featureNames,
      inputs: ({ full }, x) => x.set(full),
    }),
    new LinearExpert({
      name: "hourlyRls",
      groups: 24,
      dimension: shortFeatureNames.length,
      delta: hourlyDelta,
      huber,
      persistence: { features: [shortNewestTemperature, shortNewestDewPoint], scale: temperatureScale },
      featureNames: shortFeatureNames,
      inputs: ({ short }, x) => x.set(short),
    }),
    new LinearExpert({
      name: "rlsTanh",
      dimension: featureCount + randomFeatureCount,
      delta,
      huber,
      persistence,
      featureNames: [...featureNames, ...Array.from({ length: randomFeatureCount }, () => "random features")],
      inputs: ({ full, weather }, x) => withRandomFeatures(full, weather, x),
    }),
  ];
}
