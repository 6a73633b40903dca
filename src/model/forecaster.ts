import { dayOf, hourOfDay, monthOf } from "./calendar.js";
import { createExperts } from "./createExperts.js";
import { DailyScores } from "./dailyScores.js";
import { delayLength, delayPlace } from "./delayLine.js";
import { DriftAlarm, watchedLeads } from "./driftAlarm.js";
import { type Contribution, columnCount, columnOf, type Expert } from "./expert.js";
import { featureLayout, HourFeatures } from "./features.js";
import { History } from "./history.js";
import { boundsPerDegree, Intervals, quantileCount, quantileNames } from "./intervals.js";
import { Mixture } from "./mixture.js";
import { type ForecasterOptions, withDefaults } from "./modelOptions.js";
import { Scores } from "./scores.js";
import { packState, type StateArray, unpackState } from "./state.js";
import { expertNames, maxLeadHours, modelNames, variables } from "./vocabulary.js";

/** Changes whenever the same hours would give another state or other forecasts. */
export const modelVersion = 7;

const mixtureIndex = modelNames.indexOf("mixture");
const officialIndex = modelNames.indexOf("official");
const p025 = quantileNames.indexOf("p025");
const p10 = quantileNames.indexOf("p10");
const p90 = quantileNames.indexOf("p90");
const median = quantileNames.indexOf("p50");
const p975 = quantileNames.indexOf("p975");
/** Width of the 80 % interval in standard deviations of a normal distribution. */
const normalWidth = 2.56;
/** No place on Earth has air warmer or colder than this, °C: an expert that says so has lost its way, and sleeps. */
const wildest = 100;

function leaveOutWild(issued: Float32Array): void {
  for (let column = 0; column < columnCount; column++)
    if (!(Math.abs(issued[column]) <= wildest)) issued[column] = Number.NaN;
}

const dewPointFloor = variables.indexOf("dewPoint") * maxLeadHours;

/** While bounds wait they are kept as multiples of their rounding, which takes half the room. */
const noBound = -32_768;

function packBound(bound: number): number {
  return Number.isNaN(bound) ? noBound : Math.max(-32_767, Math.min(32_767, Math.round(bound * boundsPerDegree)));
}

function unpackBound(packed: number): number {
  return packed === noBound ? Number.NaN : packed / boundsPerDegree;
}

/**
 * The forecaster of one station. `step` takes one hour after another, and at each: scores what has come due, learns
 * from it, then issues forecasts of both variables at 1 to 72 h. Nothing is learned before it is scored, nor before
 * it could have been known.
 */
export class Forecaster {
  readonly experts: readonly Expert[];
  /** Places of those that take part: the others say nothing, ever. */
  private readonly active: readonly number[];
  private readonly history = new History();
  private readonly features: HourFeatures;
  private readonly mixture: Mixture;
  private readonly intervals = new Intervals();
  readonly scores = new Scores();
  readonly dailyScores = new DailyScores();
  /** variable × lead watched */
  private readonly driftAlarms = variables.map(() =>
    watchedLeads.map(({ threshold, limit, warmUp }) => new DriftAlarm(threshold, limit, warmUp)),
  );

  /** Of each variable, whether the newest hour raised the alarm that forecasts had become too high (1) or too low (-1). */
  readonly alarms: (-1 | 0 | 1)[] = variables.map(() => 0);

  /** What each model issued at the newest hour, by column, °C; NaN where it issued nothing. The last is the mixture. */
  readonly issued: readonly Float32Array[];
  /** Quantiles issued at the newest hour: column × quantile, °C; NaN where nothing is known of errors yet. */
  readonly quantiles = new Float32Array(columnCount * quantileCount);
  /** Weights of the experts at the newest hour: column × expert. */
  readonly weights: Float64Array;

  /** model × variable × delay line; quantile (without the median, which is the mixture) × variable × delay line */
  private readonly waiting: Float32Array;
  private readonly waitingQuantiles: Int16Array;
  private readonly state: readonly StateArray[];

  private readonly due: Float64Array;
  private readonly dueOfficial = new Float32Array(columnCount);
  private readonly official = new Float32Array(columnCount);
  private readonly trained: readonly Float32Array[];
  private readonly mixing: Float64Array;
  private readonly bounds = new Float64Array(quantileCount);

  constructor(options: ForecasterOptions = {}) {
    const settings = withDefaults(options);
    this.features = new HourFeatures(featureLayout(settings.lags));
    this.experts = createExperts(settings);
    const count = this.experts.length;
    this.active = expertNames.flatMap((name, k) => (settings.experts.includes(name) ? [k] : []));
    this.mixture = new Mixture(columnCount, count, this.active);
    this.issued = modelNames.map(() => new Float32Array(columnCount).fill(Number.NaN));
    this.quantiles.fill(Number.NaN);
    this.weights = new Float64Array(columnCount * count);
    this.waiting = new Float32Array(modelNames.length * variables.length * delayLength).fill(Number.NaN);
    this.waitingQuantiles = new Int16Array((quantileCount - 1) * variables.length * delayLength).fill(noBound);
    this.due = new Float64Array(count).fill(Number.NaN);
    this.trained = this.experts.map(() => new Float32Array(columnCount));
    this.mixing = new Float64Array(count);
    this.state = [
      ...this.history.state,
      ...this.experts.flatMap((expert) => expert.state),
      ...this.mixture.state,
      ...this.intervals.state,
      ...this.scores.state,
      ...this.dailyScores.state,
      ...this.driftAlarms.flat().flatMap((alarm) => alarm.state),
      this.waiting,
      this.waitingQuantiles,
      ...this.issued,
      this.quantiles,
      this.weights,
    ];
  }

  /** Newest hour taken in (hours since 1970), NaN before the first. */
  get hour(): number {
    return this.history.newestHour;
  }

  /** Newest value of a variable, by its place in `variables`, carried over gaps, °C; NaN before the first. */
  newest(variable: number): number {
    return variable === 0 ? this.history.temperatureAt(0) : this.history.dewPointAt(0);
  }

  /**
   * Takes the next hour in. `hour` counts from 1970 and must follow the one before; `values` holds what was observed,
   * in the order and units of `quantities`, NaN where missing; `official` the official forecast as it was known then, by
   * column, °C, NaN where it says nothing. The scores of a month and of a day begin anew with it.
   */
  step(hour: number, values: ArrayLike<number>, official?: ArrayLike<number>): void {
    if (!Number.isInteger(hour) || (!Number.isNaN(this.hour) && hour !== this.hour + 1))
      throw new Error(`hour ${hour} does not follow hour ${this.hour}`);
    if (monthOf(hour) !== monthOf(hour - 1)) this.scores.clearMonth();
    if (dayOf(hour) !== dayOf(hour - 1)) this.dailyScores.clear();
    this.scoreAndLearn(hour, values);
    // The states that are kept for long are those of the ends of days.
    if (hourOfDay(hour) === 23) for (const expert of this.experts) expert.roundOff();
    this.history.push(hour, values);
    if (Number.isNaN(values[0])) this.skip(hour);
    else this.issue(hour, official);
  }

  private scoreAndLearn(hour: number, values: ArrayLike<number>): void {
    const { active, experts, trained, dueOfficial } = this;
    for (let variable = 0; variable < variables.length; variable++) {
      const y = values[variable];
      this.alarms[variable] = 0;
      if (Number.isNaN(y)) continue;
      for (let lead = 1; lead <= maxLeadHours; lead++)
        dueOfficial[columnOf(variable, lead)] =
          this.waiting[(officialIndex * variables.length + variable) * delayLength + delayPlace(hour, lead)];
      for (const k of active) experts[k].learn(hour, variable, y, trained[k], dueOfficial);
      for (let lead = 1; lead <= maxLeadHours; lead++) this.scoreAndLearnLead(hour, variable, lead, y);
    }
  }

  /** Scores what was issued `lead` hours before, and lets the mixture and the intervals learn from it. */
  private scoreAndLearnLead(hour: number, variable: number, lead: number, y: number): void {
    const { active, waiting, trained, due, mixing, bounds, scores } = this;
    const place = variable * delayLength + delayPlace(hour, lead);
    const mixed = waiting[mixtureIndex * variables.length * delayLength + place];
    if (Number.isNaN(mixed)) return;
    const column = columnOf(variable, lead);
    for (const k of active) due[k] = waiting[k * variables.length * delayLength + place];
    this.mixture.learn(column, mixed, due, y);
    this.mixture.weights(column, due, mixing);
    let trainedMixture = 0;
    for (const k of active) {
      const forecast = due[k];
      if (Number.isNaN(forecast)) continue;
      const now = trained[k][column];
      const trainedForecast = Number.isNaN(now) ? forecast : now;
      trainedMixture += mixing[k] * trainedForecast;
      scores.add(k, column, hour, forecast - y, trainedForecast - y);
    }
    scores.add(mixtureIndex, column, hour, mixed - y, trainedMixture - y);
    this.takeBounds(place, mixed);
    this.dailyScores.add(column, hour, mixed, due, bounds[p025], bounds[p975], y);
    if (!Number.isNaN(bounds[0])) {
      scores.addQuantiles(column, hour, bounds, y);
      this.watch(variable, lead, (mixed - y) / Math.max((bounds[p90] - bounds[p10]) / normalWidth, 0.1));
    }
    this.intervals.learn(column, hour, mixed, bounds, y);
  }

  /** Takes the bounds that waited at a place into `bounds`. */
  private takeBounds(place: number, mixed: number): void {
    const { bounds, waitingQuantiles } = this;
    for (let q = 0, at = place; q < quantileCount; q++) {
      if (q === median) {
        bounds[q] = mixed;
        continue;
      }
      bounds[q] = unpackBound(waitingQuantiles[at]);
      at += variables.length * delayLength;
    }
  }

  /** Hands a standardised error to the alarm of its lead. An alarm of one lead is news to the others too. */
  private watch(variable: number, lead: number, error: number): void {
    const place = watchedLeads.findIndex(({ leadHours }) => leadHours === lead);
    if (place < 0) return;
    const side = this.driftAlarms[variable][place].add(error);
    if (side === 0) return;
    this.alarms[variable] = side;
    for (const alarm of this.driftAlarms[variable]) alarm.reset();
  }

  private skip(hour: number): void {
    for (const expert of this.experts) expert.skip(hour);
    for (const issued of this.issued) issued.fill(Number.NaN);
    this.quantiles.fill(Number.NaN);
    this.wait(hour);
  }

  private issue(hour: number, official?: ArrayLike<number>): void {
    this.features.compute(this.history);
    this.features.official = this.takeOfficial(official) ? this.official : null;
    for (const k of this.active) {
      const issued = this.issued[k];
      this.experts[k].observe(hour, this.history, this.features);
      this.experts[k].forecast(issued);
      leaveOutWild(issued);
    }
    for (let column = 0; column < columnCount; column++) this.mix(column, hour);
    this.wait(hour);
  }

  /** Issues the mixture of a column, and its quantiles. A dew point's follow its temperature's. */
  private mix(column: number, hour: number): void {
    const { active, issued, due, mixing, bounds, weights, quantiles } = this;
    for (const k of active) due[k] = issued[k][column];
    this.mixture.weights(column, due, mixing);
    let sum = 0;
    let isAwake = false;
    for (const k of active) {
      const weight = mixing[k];
      weights[column * due.length + k] = weight;
      if (!(weight > 0)) continue;
      sum += weight * due[k];
      isAwake = true;
    }
    if (!isAwake) sum = Number.NaN;
    const at = column * quantileCount;
    const mixture = issued[mixtureIndex];
    this.intervals.bounds(column, hour + (column % maxLeadHours) + 1, sum, bounds);
    if (column < dewPointFloor) {
      mixture[column] = sum;
      for (let q = 0; q < quantileCount; q++) quantiles[at + q] = bounds[q];
      return;
    }
    // Air can't be more than saturated.
    const other = column - dewPointFloor;
    mixture[column] = Math.min(sum, mixture[other]);
    for (let q = 0; q < quantileCount; q++)
      quantiles[at + q] = Math.min(bounds[q], quantiles[other * quantileCount + q]);
  }

  /** Keeps of an official forecast what can be air's temperature. @returns whether that is anything */
  private takeOfficial(official: ArrayLike<number> = []): boolean {
    let said = false;
    for (let column = 0; column < columnCount; column++) {
      const value = Math.fround(official[column] ?? Number.NaN);
      const isAir = Math.abs(value) <= wildest;
      this.official[column] = isAir ? value : Number.NaN;
      said ||= isAir;
    }
    return said;
  }

  /** Puts what was just issued where it waits for its hour. */
  private wait(hour: number): void {
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const delayed = delayPlace(hour, lead);
      for (let variable = 0; variable < variables.length; variable++)
        this.waitAt(variable * delayLength + delayed, columnOf(variable, lead));
    }
  }

  private waitAt(place: number, column: number): void {
    const { active, issued, waiting, waitingQuantiles, quantiles } = this;
    const stride = variables.length * delayLength;
    for (const k of active) waiting[k * stride + place] = issued[k][column];
    waiting[mixtureIndex * stride + place] = issued[mixtureIndex][column];
    for (let q = 0, at = place; q < quantileCount; q++) {
      if (q === median) continue;
      waitingQuantiles[at] = packBound(quantiles[column * quantileCount + q]);
      at += stride;
    }
  }

  /** Parts of the newest forecast of a column, which add up to it, °C. Empty when nothing was issued. */
  explain(column: number): Contribution[] {
    const total = this.issued[mixtureIndex][column];
    if (Number.isNaN(total)) return [];
    const parts = new Map<string, Contribution>();
    const count = this.experts.length;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const weight = this.weights[column * count + k];
      if (!(weight > 0)) continue;
      for (const { feature, contributionC, perDegree } of this.experts[k].explain(column)) {
        const part = parts.get(feature) ?? { feature, contributionC: 0 };
        part.contributionC += weight * contributionC;
        if (perDegree !== undefined) part.perDegree = (part.perDegree ?? 0) + weight * perDegree;
        parts.set(feature, part);
        sum += weight * contributionC;
      }
    }
    // What single precision rounds off is noise; what is more than that is the cap at the temperature.
    const cap = "capped at the temperature";
    if (sum - total > 1e-3) parts.set(cap, { feature: cap, contributionC: total - sum });
    return [...parts.values()];
  }

  /** The whole state, as bytes. */
  serialize(): Uint8Array {
    return packState(this.state);
  }

  /** Goes on from what `serialize` gave, on a forecaster made with the same options. */
  restore(bytes: Uint8Array): void {
    unpackState(this.state, bytes);
    for (let hour = this.hour - maxLeadHours + 1; hour <= this.hour; hour++) {
      this.history.lookFrom(hour);
      this.features.compute(this.history);
      for (const expert of this.experts) expert.recall(hour, this.history, this.features);
    }
  }
}
