import { packState, type StateArray, unpackState } from "../arithmetic/state.js";
import { dayOf, hourOfDay, monthOf } from "../calendar.js";
import { createExperts } from "../experts/createExperts.js";
import type { Contribution, Expert } from "../experts/expert.js";
import { type ForecasterOptions, withDefaults } from "../experts/modelOptions.js";
import { featureLayout, HourFeatures } from "../features/features.js";
import { History } from "../features/history.js";
import { StuckSensors } from "../features/stuckSensors.js";
import { DailyScores } from "../scores/dailyScores.js";
import { DriftAlarm, watchedLeads } from "../scores/driftAlarm.js";
import { Scores } from "../scores/scores.js";
import {
  coldestAirC,
  columnCount,
  columnOf,
  expertNames,
  maxLeadHours,
  modelNames,
  quantileCount,
  quantileNames,
  reportedLeads,
  variables,
  warmestAirC,
} from "../vocabulary.js";
import { Intervals } from "./intervals.js";
import { Mixture } from "./mixture.js";
import { PendingForecasts } from "./pendingForecasts.js";

/** Changes whenever the same hours would give another state or other forecasts. */
export const modelVersion = 8;

const mixtureIndex = modelNames.indexOf("mixture");
const officialIndex = modelNames.indexOf("official");
const p025 = quantileNames.indexOf("p025");
const p10 = quantileNames.indexOf("p10");
const p90 = quantileNames.indexOf("p90");
const p975 = quantileNames.indexOf("p975");
/** Width of the 80 % interval in standard deviations of a normal distribution. */
const normalWidth = 2.56;

function isAir(celsius: number): boolean {
  return coldestAirC <= celsius && celsius <= warmestAirC;
}

/** An expert that forecasts what air can't be has diverged: it takes no part until it recovers. */
function leaveOutWild(issued: Float32Array): void {
  for (let column = 0; column < columnCount; column++) if (!isAir(issued[column])) issued[column] = Number.NaN;
}

const dewPointFloor = variables.indexOf("dewPoint") * maxLeadHours;

/**
 * The forecaster of one station: a forecast of both variables at 1 to 72 h from each hour on. One variable at one lead
 * is a column. `step` is the online learning loop; everything else serves it.
 */
export class Forecaster {
  readonly experts: readonly Expert[];
  /** Places of those that take part: the others say nothing, ever. */
  private readonly active: readonly number[];
  private readonly history = new History();
  private readonly stuckSensors = new StuckSensors();
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

  private readonly pending = new PendingForecasts();
  private readonly state: readonly StateArray[];

  /** Models whose forecasts are stored until their hour: the active experts and the mixture. */
  private readonly stored: readonly number[];
  /** The experts' forecasts of the column at work, NaN where an expert has none. */
  private readonly forecasts: Float64Array;
  /** The official forecast's values for the hour at work, by column. */
  private readonly dueOfficial = new Float32Array(columnCount);
  private readonly official = new Float32Array(columnCount);
  /** What each expert would forecast for the hour at work now that it has learned it, by column. */
  private readonly relearned: readonly Float32Array[];
  private readonly columnWeights: Float64Array;
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
    this.stored = [...this.active, mixtureIndex];
    this.forecasts = new Float64Array(count).fill(Number.NaN);
    this.relearned = this.experts.map(() => new Float32Array(columnCount));
    this.columnWeights = new Float64Array(count);
    this.state = [
      ...this.history.state,
      ...this.stuckSensors.state,
      ...this.experts.flatMap((expert) => expert.state),
      ...this.mixture.state,
      ...this.intervals.state,
      ...this.scores.state,
      ...this.dailyScores.state,
      ...this.driftAlarms.flat().flatMap((alarm) => alarm.state),
      ...this.pending.state,
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
   * The online learning loop: predict, score, learn, score again. Each forecast is scored before its answer is learned
   * and no hour is learned before it could have been known, so the first score is an honest validation error; the
   * second, of the same forecasts after learning, is the training error.
   *
   * @param hour hours since 1970, following the hour before
   * @param values what was observed, in the order and units of `quantities`, NaN where missing
   * @param official the official forecast as known at this hour, by column, °C, NaN where it has none
   */
  step(hour: number, values: ArrayLike<number>, official?: ArrayLike<number>): void {
    this.startHour(hour);
    this.stuckSensors.take(hour, values);
    for (let variable = 0; variable < variables.length; variable++) {
      const observed = values[variable];
      if (Number.isNaN(observed)) continue;
      this.scoreDue(hour, variable, observed);
      this.learn(hour, variable, observed);
      this.scoreLearned(hour, variable, observed);
    }
    this.observe(hour, values);
    if (Number.isNaN(values[0])) this.skip(hour);
    else this.issue(hour, official);
    this.pending.add(hour, this.stored, this.issued, this.quantiles);
  }

  /** Checks the order of hours, and starts the sums of a new month or day. */
  private startHour(hour: number): void {
    if (!Number.isInteger(hour) || (!Number.isNaN(this.hour) && hour !== this.hour + 1))
      throw new Error(`hour ${hour} does not follow hour ${this.hour}`);
    if (monthOf(hour) !== monthOf(hour - 1)) this.scores.clearMonth();
    if (dayOf(hour) !== dayOf(hour - 1)) this.dailyScores.clear();
    this.alarms.fill(0);
  }

  /** Scores the forecasts that were issued for this hour, 1 to 72 hours before it. */
  private scoreDue(hour: number, variable: number, observed: number): void {
    const { active, bounds, forecasts, pending, scores } = this;
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const mixed = this.readDue(hour, variable, lead);
      if (Number.isNaN(mixed)) continue;
      const column = columnOf(variable, lead);
      for (const k of active)
        if (!Number.isNaN(forecasts[k])) scores.addValidation(k, column, hour, forecasts[k] - observed);
      scores.addValidation(mixtureIndex, column, hour, mixed - observed);
      pending.boundsAround(mixed, variable, lead, hour, bounds);
      this.dailyScores.add(column, hour, mixed, forecasts, bounds[p025], bounds[p975], observed);
      if (Number.isNaN(bounds[0])) continue;
      scores.addQuantiles(column, hour, bounds, observed);
      this.watch(variable, lead, (mixed - observed) / Math.max((bounds[p90] - bounds[p10]) / normalWidth, 0.1));
    }
  }

  /**
   * Learns what was observed: the experts, then their mixture and its intervals, lead by lead. What a sensor that is stuck
   * shows is not learned, nor how far off forecasts are that were made from it.
   */
  private learn(hour: number, variable: number, observed: number): void {
    const { active, bounds, dueOfficial, experts, forecasts, pending, relearned, stuckSensors } = this;
    for (let lead = 1; lead <= maxLeadHours; lead++)
      dueOfficial[columnOf(variable, lead)] = pending.forecast(officialIndex, variable, lead, hour);
    const isDoubted = stuckSensors.isDoubted(variable, hour);
    for (const k of active) {
      if (!isDoubted) experts[k].learn(hour, variable, observed, relearned[k], dueOfficial);
      else relearned[k].fill(Number.NaN, columnOf(variable, 1), columnOf(variable, maxLeadHours) + 1);
    }
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const mixed = this.readDue(hour, variable, lead);
      if (Number.isNaN(mixed)) continue;
      const column = columnOf(variable, lead);
      const isLearned = !isDoubted && !stuckSensors.isDoubted(variable, hour - lead);
      pending.boundsAround(mixed, variable, lead, hour, bounds);
      // Where no errors are known yet, even a sensor that is stuck tells which experts are worth nothing.
      if (isLearned || Number.isNaN(bounds[0])) this.mixture.learn(column, mixed, forecasts, observed);
      if (isLearned) this.intervals.learn(column, hour, mixed, bounds, observed);
    }
  }

  /** Scores what the models would say for this hour now that they have learned it. */
  private scoreLearned(hour: number, variable: number, observed: number): void {
    const { active, forecasts, columnWeights, relearned, scores } = this;
    for (const lead of reportedLeads) {
      const mixed = this.readDue(hour, variable, lead);
      if (Number.isNaN(mixed)) continue;
      const column = columnOf(variable, lead);
      this.mixture.weights(column, forecasts, columnWeights);
      let relearnedMixture = 0;
      for (const k of active) {
        const forecast = forecasts[k];
        if (Number.isNaN(forecast)) continue;
        const now = relearned[k][column];
        const relearnedForecast = Number.isNaN(now) ? forecast : now;
        relearnedMixture += columnWeights[k] * relearnedForecast;
        scores.addTraining(k, column, relearnedForecast - observed);
      }
      scores.addTraining(mixtureIndex, column, relearnedMixture - observed);
    }
  }

  /**
   * Reads the experts' forecasts for `hour`, issued `lead` hours before it, into `forecasts`.
   * @returns the mixture's, NaN where nothing was issued
   */
  private readDue(hour: number, variable: number, lead: number): number {
    const { active, forecasts, pending } = this;
    for (const k of active) forecasts[k] = pending.forecast(k, variable, lead, hour);
    return pending.forecast(mixtureIndex, variable, lead, hour);
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

  private observe(hour: number, values: ArrayLike<number>): void {
    // The states that are kept for long are those of the ends of days.
    if (hourOfDay(hour) === 23) for (const expert of this.experts) expert.roundOff();
    this.history.push(hour, values);
  }

  /** Issues nothing at an hour without an observed temperature. */
  private skip(hour: number): void {
    for (const expert of this.experts) expert.skip(hour);
    for (const issued of this.issued) issued.fill(Number.NaN);
    this.quantiles.fill(Number.NaN);
  }

  /** Issues forecasts from this hour: each expert's, then their mixture with its quantiles. */
  private issue(hour: number, official?: ArrayLike<number>): void {
    this.features.compute(this.history);
    this.features.isStuck = this.stuckSensors.isDoubted(0, hour);
    this.features.official = this.takeOfficial(official) ? this.official : null;
    for (const k of this.active) {
      const issued = this.issued[k];
      this.experts[k].observe(hour, this.history, this.features);
      this.experts[k].forecast(issued);
      leaveOutWild(issued);
    }
    for (let column = 0; column < columnCount; column++) this.mix(column, hour);
  }

  /** Issues the mixture of a column, and its quantiles. A dew point's follow its temperature's. */
  private mix(column: number, hour: number): void {
    const { active, issued, forecasts, columnWeights, bounds, weights, quantiles } = this;
    for (const k of active) forecasts[k] = issued[k][column];
    this.mixture.weights(column, forecasts, columnWeights);
    let sum = 0;
    let isAwake = false;
    for (const k of active) {
      const weight = columnWeights[k];
      weights[column * forecasts.length + k] = weight;
      if (!(weight > 0)) continue;
      sum += weight * forecasts[k];
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
      this.official[column] = isAir(value) ? value : Number.NaN;
      said ||= isAir(value);
    }
    return said;
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
