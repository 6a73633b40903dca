import { packState, type StateArray, unpackState } from "../arithmetic/state.js";
import { dayOf, hourOfDay, monthOf, positionIn } from "../calendar.js";
import { JointForecast } from "../draws/jointForecast.js";
import { createExperts, type ExpertPriors } from "../experts/createExperts.js";
import type { Contribution, Expert } from "../experts/expert.js";
import { type ForecasterOptions, withDefaults } from "../experts/modelOptions.js";
import { Extremes } from "../extremes/extremes.js";
import { featureLayout, HourFeatures } from "../features/features.js";
import { History } from "../features/history.js";
import { StuckSensors } from "../features/stuckSensors.js";
import { fieldValueCount } from "../network/fields.js";
import { DailyScores } from "../scores/dailyScores.js";
import { DriftAlarm, watchedLeads } from "../scores/driftAlarm.js";
import { Scores } from "../scores/scores.js";
import {
  coldestAirC,
  columnCount,
  columnOf,
  correctedOf,
  expertNames,
  fillVariable,
  guidanceSources,
  leadOf,
  maxLeadHours,
  modelNames,
  publishedIndex,
  quantileCount,
  quantileNames,
  reportedLeads,
  scoredOnly,
  variableOf,
  variables,
  warmestAirC,
} from "../vocabulary.js";
import { PendingForecasts } from "./pendingForecasts.js";
import { Regimes } from "./regimes.js";

/** Raised whenever the same hours would give a different state or different forecasts. */
export const modelVersion = 11;

const guidanceIndices = guidanceSources.map((source) => modelNames.indexOf(source));
const p025 = quantileNames.indexOf("p025");
const p10 = quantileNames.indexOf("p10");
const p90 = quantileNames.indexOf("p90");
const p975 = quantileNames.indexOf("p975");
/** Width of the 80 % interval in standard deviations of a normal distribution. */
const normalWidth = 2.56;

function isPossible(celsius: number): boolean {
  return coldestAirC <= celsius && celsius <= warmestAirC;
}

/** Discards impossible temperatures: an expert that forecasts them has diverged and takes no part until it recovers. */
function discardImpossible(issued: Float32Array): void {
  for (let column = 0; column < columnCount; column++) if (!isPossible(issued[column])) issued[column] = Number.NaN;
}

/** Copies the possible values of guidance; the others become NaN. Returns whether there are any. */
function copyPossible(values: ArrayLike<number>, out: Float32Array): boolean {
  if (values.length === 0) return false;
  let hasValue = false;
  for (let column = 0; column < columnCount; column++) {
    const value = Math.fround(values[column] ?? Number.NaN);
    out[column] = isPossible(value) ? value : Number.NaN;
    hasValue ||= isPossible(value);
  }
  return hasValue;
}

/**
 * The forecaster of one station. Every hour it forecasts both variables at leads of 1 to 72 h; one variable at one
 * lead is a column. Several experts forecast each column, and their weighted mean, the mixture, is published. `step`
 * is the online learning loop; everything else serves it.
 */
export class Forecaster {
  /** The experts that take part. */
  readonly experts: readonly Expert[];
  /** Their indices in `modelNames`; the other models never forecast. */
  private active: readonly number[] = [];
  /** The experts that are active: those of guidance only once their source has been seen. */
  private running: readonly Expert[] = [];
  private readonly history = new History();
  private readonly stuckSensors = new StuckSensors();
  private readonly features: HourFeatures;
  private readonly regimes: Regimes;
  readonly scores = new Scores();
  readonly dailyScores = new DailyScores();
  /** Lows of the next nights and highs of the next days. */
  readonly extremes: Extremes;
  /** How the temperatures of the next days vary together. */
  readonly joint: JointForecast;
  /** variable × watched lead */
  private readonly driftAlarms = variables.map(() =>
    watchedLeads.map(({ threshold, limit, warmUp }) => new DriftAlarm(threshold, limit, warmUp)),
  );

  /** By variable: 1 if the newest hour raised the alarm that forecasts are too high, -1 if too low, else 0. */
  readonly alarms: (-1 | 0 | 1)[] = variables.map(() => 0);

  /**
   * model × column: the forecasts issued at the newest hour, °C, NaN where there is none. The last model is the
   * mixture.
   */
  readonly issued: readonly Float32Array[];
  /** column × quantile: the quantiles issued at the newest hour, °C; NaN until enough errors are known. */
  readonly quantiles = new Float32Array(columnCount * quantileCount);
  /** column × expert: the weights at the newest hour */
  readonly weights: Float64Array;

  /** hour of issue mod 72 × point × field: the fields around the station that are still to be learned from */
  private readonly fields: Float32Array;

  /** Issued forecasts until their valid time. */
  private readonly pending = new PendingForecasts();
  /** By source: 1 once its guidance was known. The experts that correct it have no state before. */
  private readonly sourcesSeen = new Uint32Array(guidanceSources.length);
  /** Models with pending forecasts: the active experts and the mixture. */
  private pendingModels: readonly number[] = [];

  // Buffers that every step writes again.
  /** The experts' forecasts at one column, NaN where an expert has none. */
  private readonly forecasts: Float64Array;
  /** The experts' weights at one column. */
  private readonly columnWeights: Float64Array;
  /** The quantiles at one column. */
  private readonly bounds = new Float64Array(quantileCount);
  /** source × column: the guidance known at the newest hour */
  private readonly guidance = guidanceSources.map(() => new Float32Array(columnCount));
  /** source × column: the earlier guidance for the newest hour */
  private readonly dueGuidance = guidanceSources.map(() => new Float32Array(columnCount));
  /** model × column: the forecast an expert would make for the newest hour after learning it */
  private readonly relearned: readonly Float32Array[];

  /** @param priors where regressions start; they have a head start in the mixture */
  constructor(options: ForecasterOptions = {}, priors: ExpertPriors = {}) {
    const settings = withDefaults(options);
    this.features = new HourFeatures(featureLayout(settings.lags), settings.longitude);
    this.experts = createExperts(settings, priors);
    this.extremes = new Extremes(settings.utcOffset, settings.heatC);
    this.joint = new JointForecast(settings.utcOffset);
    const count = expertNames.length;
    const all = this.experts.map(({ name }) => modelNames.indexOf(name));
    const mixed = all.filter((k) => !scoredOnly.includes(expertNames[k]!));
    this.regimes = new Regimes(
      mixed.length > 0 ? mixed : all,
      all.filter((k) => Object.hasOwn(priors, modelNames[k]!)),
    );
    this.issued = modelNames.map(() => new Float32Array(columnCount).fill(Number.NaN));
    this.quantiles.fill(Number.NaN);
    this.weights = new Float64Array(columnCount * count);
    this.activate();
    this.fields = new Float32Array(settings.network ? maxLeadHours * fieldValueCount : 0);
    this.forecasts = new Float64Array(count).fill(Number.NaN);
    this.relearned = expertNames.map(() => new Float32Array(columnCount));
    this.columnWeights = new Float64Array(count);
  }

  /** The newest hour (hours since 1970), NaN before the first. */
  get hour(): number {
    return this.history.newestHour;
  }

  /** Newest value of a variable, given by its index, °C: the last one observed, NaN before the first. */
  newest(variable: number): number {
    return variable === 0 ? this.history.temperatureAt(0) : this.history.dewPointAt(0);
  }

  /** The fields around the station at the newest hour, point × field; empty outside a network. */
  get newestFields(): Float32Array {
    return this.fieldsOf(this.hour);
  }

  /**
   * The online learning loop: predict, score, learn, score again. A forecast is scored before its answer is learned,
   * and an hour is learned only once it was observed, so the first score is an honest validation error. The second
   * score, of the same forecasts after learning, is the training error.
   *
   * @param hour hours since 1970; must follow the hour before
   * @param values the observations, in the order and units of `quantities`, NaN where missing
   * @param guidance by source, what is known at this hour, by column, °C, NaN where missing; null without any
   * @param fields the fields around the station at this hour, point × field; only in a network
   */
  step(
    hour: number,
    values: ArrayLike<number>,
    guidance?: readonly (ArrayLike<number> | null)[],
    fields?: ArrayLike<number>,
  ): void {
    const { stuckSensors } = this;
    this.startHour(hour);
    stuckSensors.update(hour, values);
    for (let variable = 0; variable < variables.length; variable++) {
      const observed = values[variable];
      if (Number.isNaN(observed)) continue;
      this.scoreDue(hour, variable, observed);
      this.learn(hour, variable, observed);
      this.scoreLearned(hour, variable, observed);
    }
    this.observeTemperature(hour, values[0]);
    this.remember(hour, values);
    if (Number.isNaN(values[0])) this.issueNothing(hour);
    else this.issue(hour, guidance, fields);
    this.pending.add(hour, this.pendingModels, this.issued, this.quantiles);
  }

  /** Remembers an hour from before the start of training: nothing is forecast, scored or learned. */
  watch(hour: number, values: ArrayLike<number>): void {
    this.startHour(hour);
    this.stuckSensors.update(hour, values);
    this.observeTemperature(hour, values[0]);
    this.remember(hour, values);
    this.issueNothing(hour);
    this.pending.add(hour, this.pendingModels, this.issued, this.quantiles);
  }

  /** Checks that hours follow each other. Starts the scores of a new month or day. */
  private startHour(hour: number): void {
    if (!Number.isInteger(hour) || (!Number.isNaN(this.hour) && hour !== this.hour + 1))
      throw new Error(`hour ${hour} does not follow hour ${this.hour}`);
    if (monthOf(hour) !== monthOf(hour - 1)) {
      this.scores.clearMonth();
      this.extremes.scores.clearMonth();
      this.joint.scores.clearMonth();
    }
    if (dayOf(hour) !== dayOf(hour - 1)) this.dailyScores.clear();
    this.alarms.fill(0);
  }

  /** Scores the forecasts that are due: those issued for this hour 1 to 72 hours ago. */
  private scoreDue(hour: number, variable: number, observed: number): void {
    const { active, bounds, forecasts, pending, scores } = this;
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const mixed = this.readPending(hour, variable, lead);
      if (Number.isNaN(mixed)) continue;
      const column = columnOf(variable, lead);
      for (const k of active)
        if (!Number.isNaN(forecasts[k])) scores.addValidation(k, column, hour, forecasts[k] - observed);
      scores.addValidation(publishedIndex, column, hour, mixed - observed);
      pending.boundsAround(mixed, variable, lead, hour, bounds);
      this.dailyScores.add(column, hour, mixed, forecasts, bounds[p025], bounds[p975], observed);
      if (Number.isNaN(bounds[0])) continue;
      scores.addQuantiles(column, hour, bounds, observed);
      this.checkDrift(variable, lead, (mixed - observed) / Math.max((bounds[p90] - bounds[p10]) / normalWidth, 0.1));
    }
  }

  /**
   * Learns the observation: first the experts, then at each lead the mixture and its intervals. Values of a stuck
   * sensor are not learned, nor are the errors of forecasts made from them.
   */
  private learn(hour: number, variable: number, observed: number): void {
    const { active, bounds, dueGuidance, running, forecasts, pending, relearned, stuckSensors } = this;
    for (const [i, due] of dueGuidance.entries()) {
      if (this.sourcesSeen[i] === 0) continue;
      for (let lead = 1; lead <= maxLeadHours; lead++)
        due[columnOf(variable, lead)] = pending.forecast(guidanceIndices[i]!, variable, lead, hour);
    }
    const isSuspect = stuckSensors.isSuspect(variable, hour);
    running.forEach((expert, i) => {
      const trained = relearned[active[i]];
      if (isSuspect) fillVariable(trained, variable, Number.NaN);
      else expert.learn(hour, variable, observed, trained, dueGuidance);
    });
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const mixed = this.readPending(hour, variable, lead);
      if (Number.isNaN(mixed)) continue;
      const column = columnOf(variable, lead);
      const isLearned = !isSuspect && !stuckSensors.isSuspect(variable, hour - lead);
      pending.boundsAround(mixed, variable, lead, hour, bounds);
      // Until errors are known, even the values of a stuck sensor show which experts are worthless.
      const { mixture, intervals } = this.regimes.of(column, forecasts);
      if (isLearned || Number.isNaN(bounds[0])) mixture.learn(column, mixed, forecasts, observed);
      if (isLearned) intervals.learn(column, hour, mixed, bounds, observed);
      if (isLearned && variable === 0) this.joint.learn(hour, lead, bounds, observed);
    }
  }

  /** Scores what the models would forecast for this hour after learning it. */
  private scoreLearned(hour: number, variable: number, observed: number): void {
    const { active, forecasts, columnWeights, relearned, scores } = this;
    for (const lead of reportedLeads) {
      const mixed = this.readPending(hour, variable, lead);
      if (Number.isNaN(mixed)) continue;
      const column = columnOf(variable, lead);
      this.regimes.of(column, forecasts).mixture.weights(column, forecasts, columnWeights);
      let learnedMixture = 0;
      for (const k of active) {
        const forecast = forecasts[k];
        if (Number.isNaN(forecast)) continue;
        const changed = relearned[k][column];
        const learned = Number.isNaN(changed) ? forecast : changed;
        learnedMixture += columnWeights[k] * learned;
        scores.addTraining(k, column, learned - observed);
      }
      scores.addTraining(publishedIndex, column, learnedMixture - observed);
    }
  }

  /**
   * Reads the experts' forecasts for `hour`, issued `lead` hours earlier, into `forecasts`.
   * @returns the mixture's forecast, NaN where nothing was issued
   */
  private readPending(hour: number, variable: number, lead: number): number {
    return this.pending.read(this.active, variable, lead, hour, this.forecasts);
  }

  /** Passes a standardised error to the drift alarm of its lead. An alarm at one lead restarts those at the others. */
  private checkDrift(variable: number, lead: number, error: number): void {
    const watched = watchedLeads.findIndex(({ leadHours }) => leadHours === lead);
    if (watched < 0) return;
    const side = this.driftAlarms[variable][watched].add(error);
    if (side === 0) return;
    this.alarms[variable] = side;
    for (const alarm of this.driftAlarms[variable]) alarm.reset();
  }

  /** Observes a temperature for the forecasts of lows and highs and of several hours, unless the sensor seems stuck. */
  private observeTemperature(hour: number, temperatureC: number): void {
    const observed = this.stuckSensors.isSuspect(0, hour) ? Number.NaN : temperatureC;
    this.extremes.observe(hour, observed);
    this.joint.observe(hour, observed);
  }

  private remember(hour: number, values: ArrayLike<number>): void {
    // States at the end of a day are kept for long; rounding makes them smaller.
    if (hourOfDay(hour) === 23) for (const expert of this.experts) expert.roundOff?.();
    this.history.push(hour, values);
  }

  /** Issues no forecast from an hour without an observed temperature. */
  private issueNothing(hour: number): void {
    for (const expert of this.running) expert.skip?.(hour);
    for (const issued of this.issued) issued.fill(Number.NaN);
    this.quantiles.fill(Number.NaN);
    this.extremes.skip(hour);
  }

  /** Issues forecasts from this hour: each expert's, then the mixture and its quantiles. */
  private issue(
    hour: number,
    guidance: readonly (ArrayLike<number> | null)[] = [],
    fields: ArrayLike<number> = [],
  ): void {
    const kept = this.fieldsOf(hour);
    for (let i = 0; i < kept.length; i++) kept[i] = fields[i] ?? 0;
    this.computeFeatures(hour);
    this.features.isStuck = this.stuckSensors.isSuspect(0, hour);
    this.features.guidance = this.guidance.map((known, i) => (copyPossible(guidance[i] ?? [], known) ? known : null));
    for (const [source, known] of this.features.guidance.entries())
      if (known && this.sourcesSeen[source] === 0) this.see(source);
    this.running.forEach((expert, i) => {
      const issued = this.issued[this.active[i]];
      expert.observe(hour, this.history, this.features);
      expert.forecast(issued);
      discardImpossible(issued);
    });
    for (let column = 0; column < columnCount; column++) this.issueMixture(column, hour);
    this.extremes.issue(hour, this.issued[publishedIndex]!, this.quantiles);
    this.joint.issue(hour, this.quantiles);
  }

  /** The fields of one of the last 72 hours; empty outside a network. */
  private fieldsOf(hour: number): Float32Array {
    const at = positionIn(maxLeadHours, hour) * fieldValueCount;
    return this.fields.subarray(at, at + fieldValueCount);
  }

  private computeFeatures(hour: number): void {
    this.features.compute(this.history);
    if (this.fields.length > 0) this.features.computeNetwork(this.fieldsOf(hour));
  }

  /** Issues the mixture of one column and its quantiles. Temperature comes first, because it caps the dew point. */
  private issueMixture(column: number, hour: number): void {
    const { active, issued, forecasts, columnWeights, bounds, weights, quantiles } = this;
    for (const k of active) forecasts[k] = issued[k][column];
    const { mixture: weighing, intervals } = this.regimes.of(column, forecasts);
    weighing.weights(column, forecasts, columnWeights);
    let sum = 0;
    let hasForecast = false;
    for (const k of active) {
      const weight = columnWeights[k];
      weights[column * forecasts.length + k] = weight;
      if (!(weight > 0)) continue;
      sum += weight * forecasts[k];
      hasForecast = true;
    }
    if (!hasForecast) sum = Number.NaN;
    const lead = leadOf(column);
    const mixture = issued[publishedIndex];
    const at = column * quantileCount;
    intervals.bounds(column, hour + lead, sum, bounds);
    if (variableOf(column) === 0) {
      mixture[column] = sum;
      for (let q = 0; q < quantileCount; q++) quantiles[at + q] = bounds[q];
      return;
    }
    // A dew point above the temperature is impossible.
    const temperature = columnOf(0, lead);
    mixture[column] = Math.min(sum, mixture[temperature]);
    for (let q = 0; q < quantileCount; q++)
      quantiles[at + q] = Math.min(bounds[q], quantiles[temperature * quantileCount + q]);
  }

  /** The parts that add up to the newest forecast of a column, °C. Empty when nothing was issued. */
  explain(column: number): Contribution[] {
    const total = this.issued[publishedIndex][column];
    if (Number.isNaN(total)) return [];
    const parts = new Map<string, Contribution>();
    let sum = 0;
    for (const [i, expert] of this.running.entries()) {
      const weight = this.weights[column * expertNames.length + this.active[i]];
      if (!(weight > 0)) continue;
      for (const { feature, contributionC, perDegree } of expert.explain(column)) {
        const part = parts.get(feature) ?? { feature, contributionC: 0 };
        part.contributionC += weight * contributionC;
        if (perDegree !== undefined) part.perDegree = (part.perDegree ?? 0) + weight * perDegree;
        parts.set(feature, part);
        sum += weight * contributionC;
      }
    }
    // A difference larger than rounding to single precision comes from the cap at the temperature.
    const cap = "capped at the temperature";
    if (sum - total > 1e-3) parts.set(cap, { feature: cap, contributionC: total - sum });
    return [...parts.values()];
  }

  /** Everything that the state consists of, in the order of its bytes. */
  private get state(): readonly StateArray[] {
    return [
      this.sourcesSeen,
      ...this.history.state,
      ...this.stuckSensors.state,
      ...this.experts.flatMap((expert) => expert.state),
      ...this.regimes.state,
      ...this.scores.state,
      ...this.dailyScores.state,
      ...this.extremes.state,
      ...this.joint.state,
      ...this.driftAlarms.flat().flatMap((alarm) => alarm.state),
      ...this.pending.state,
      this.fields,
      ...this.issued,
      this.quantiles,
      this.weights,
    ];
  }

  /** Notes that the guidance of a source is known: its experts take part from now on. */
  private see(source: number): void {
    const name = guidanceSources[source]!;
    const own = this.experts.filter((expert) => expert.name === name || expert.name === correctedOf(name));
    if (own.length === 0) return;
    this.sourcesSeen[source] = 1;
    for (const expert of own) expert.wake?.();
    this.activate();
  }

  /** Chooses the experts that take part: those of guidance that was never known would only take time. */
  private activate(): void {
    const isUnseen = (expert: Expert) =>
      guidanceSources.some(
        (name, i) => this.sourcesSeen[i] === 0 && (expert.name === name || expert.name === correctedOf(name)),
      );
    this.running = this.experts.filter((expert) => !isUnseen(expert));
    this.active = this.running.map(({ name }) => modelNames.indexOf(name));
    this.pendingModels = [...this.active, publishedIndex];
  }

  /** The whole state, as bytes. */
  serialize(): Uint8Array {
    return packState(this.state);
  }

  /** Restores the bytes of `serialize`. The forecaster must have the same options. */
  restore(bytes: Uint8Array): void {
    const seen = new Uint32Array(bytes.slice(0, this.sourcesSeen.byteLength).buffer);
    for (const source of seen.keys()) if (seen[source] === 1 && this.sourcesSeen[source] === 0) this.see(source);
    unpackState(this.state, bytes);
    for (let hour = this.hour - maxLeadHours + 1; hour <= this.hour; hour++) {
      this.history.lookFrom(hour);
      this.computeFeatures(hour);
      for (const expert of this.experts) expert.recall?.(hour, this.history, this.features);
    }
  }
}
