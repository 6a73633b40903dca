import type { StateArray } from "../arithmetic/state.js";
import { positionIn } from "../calendar.js";
import type { FeatureLayout, HourFeatures } from "../features/features.js";
import { GuidanceFeatures, guidanceFeatureCount, guidanceFeatureNames } from "../features/guidanceFeatures.js";
import type { History } from "../features/history.js";
import { networkFeatureNames } from "../features/networkFeatures.js";
import {
  type CorrectedGuidance,
  columnCount,
  columnOf,
  correctedOf,
  fillVariable,
  type GuidanceSource,
  guidanceSources,
  maxLeadHours,
} from "../vocabulary.js";
import type { Contribution, Expert } from "./expert.js";
import { guidancePart } from "./guidanceExpert.js";
import { hourlyGroups } from "./modelOptions.js";
import { RecursiveLeastSquares } from "./recursiveLeastSquares.js";

/** The first of the station's own features that a correction sees; the lags and means before it add nothing. */
const firstOwnFeature = "(T - T₋₂₄) × cos day";
/** Scales of the station's own and the network's features, beyond those that they have. */
const ownScale = 0.7;
const networkScale = 0.5;
/** Prior variances of the weights: of the regression with all features, without and in a network, and by hour of the day. */
const [ownDelta, networkDelta, hourlyDelta] = [0.05, 0.02, 0.05];

export interface CorrectedGuidanceOptions {
  layout: FeatureLayout;
  network: boolean;
  huber: number;
  forgetting: number;
}

/**
 * The guidance of a source corrected online. Two regressions learn its errors, starting from no correction: one sees the
 * latest errors, the station's own weather and the network; the other, one for each hour of the day, the errors alone. The
 * correction is their mean. Has no forecast where there is no guidance. The state holds the features of the guidance, in
 * single precision, because they can't be recomputed from observations.
 */
export class CorrectedGuidanceExpert implements Expert {
  readonly name: CorrectedGuidance;
  /** Names of the features of the regression that sees all, in order. */
  readonly featureNames: readonly string[];
  /** The regressions; null until there is guidance for the first time, because they take megabytes. */
  private models: { full: RecursiveLeastSquares; hourly: RecursiveLeastSquares } | null = null;
  private readonly options: CorrectedGuidanceOptions;
  private readonly source: GuidanceSource;
  private readonly place: number;
  private readonly ownPlaces: readonly number[];
  private readonly network: boolean;
  private readonly features = new GuidanceFeatures();
  private readonly x: Float64Array;
  /** hour of issue mod 72 × feature of the guidance */
  private readonly inputs = new Float32Array(maxLeadHours * guidanceFeatureCount);
  /** The guidance that is corrected now, by column; all NaN when there is none. */
  private readonly guidance = new Float32Array(columnCount).fill(Number.NaN);
  private readonly others = new Float32Array(columnCount);

  constructor(source: GuidanceSource, options: CorrectedGuidanceOptions) {
    const { layout, network } = options;
    this.options = options;
    this.source = source;
    this.name = correctedOf(source);
    this.place = guidanceSources.indexOf(source);
    this.network = network;
    const own = layout.names.slice(layout.names.indexOf(firstOwnFeature));
    this.ownPlaces = own.map((name) => layout.names.indexOf(name));
    this.featureNames = [...guidanceFeatureNames, ...own, ...(network ? networkFeatureNames : [])];
    this.x = new Float64Array(this.featureNames.length);
  }

  get state(): readonly StateArray[] {
    if (!this.models) return [];
    const { full, hourly } = this.models;
    return [...full.state, ...hourly.state, this.inputs, this.guidance, this.features.memory];
  }

  /** Makes room for what is learned from guidance; without it there is no state. */
  wake(): void {
    const { network, huber, forgetting } = this.options;
    this.models = {
      full: new RecursiveLeastSquares({
        dimension: this.featureNames.length,
        delta: network ? networkDelta : ownDelta,
        huber,
        forgetting,
      }),
      hourly: new RecursiveLeastSquares({
        dimension: guidanceFeatureCount,
        delta: hourlyDelta,
        groups: hourlyGroups,
        huber,
        forgetting,
      }),
    };
  }

  observe(hour: number, history: History, features: HourFeatures): void {
    const guidance = features.guidance[this.place];
    if (!guidance || !this.models) {
      this.skip(hour);
      return;
    }
    this.guidance.set(guidance);
    this.features.compute(hour, history, features, guidance);
    this.inputs.set(this.features.x, positionIn(maxLeadHours, hour) * guidanceFeatureCount);
    this.recall(hour, history, features);
    const { full, hourly } = this.models;
    if (features.isStuck) {
      full.skip(hour);
      hourly.skip(hour);
      return;
    }
    full.observe(hour, this.x);
    hourly.observe(hour, this.x.subarray(0, guidanceFeatureCount));
  }

  recall(hour: number, _history: History, { full, network }: HourFeatures): void {
    const { x, inputs, ownPlaces, models } = this;
    if (!models) return;
    const at = positionIn(maxLeadHours, hour) * guidanceFeatureCount;
    let i = 0;
    for (; i < guidanceFeatureCount; i++) x[i] = inputs[at + i];
    for (const place of ownPlaces) x[i++] = full[place] * ownScale;
    if (this.network) for (let k = 0; k < network.full.length; k++) x[i++] = network.full[k] * networkScale;
    models.full.recall(hour, x);
    models.hourly.recall(hour, x.subarray(0, guidanceFeatureCount));
  }

  roundOff(): void {
    this.models?.full.roundOff();
    this.models?.hourly.roundOff();
  }

  skip(hour: number): void {
    this.models?.full.skip(hour);
    this.models?.hourly.skip(hour);
    this.guidance.fill(Number.NaN);
    this.features.forget();
  }

  forecast(out: Float32Array): void {
    const { hour } = this.features;
    if (!this.models || Number.isNaN(hour)) {
      out.fill(Number.NaN);
      return;
    }
    this.models.full.predict(hour, out);
    this.models.hourly.predict(hour, this.others);
    for (let column = 0; column < columnCount; column++)
      out[column] = this.guidance[column] + (out[column] + this.others[column]) / 2;
  }

  learn(
    hour: number,
    variable: number,
    y: number,
    trained: Float32Array,
    dueGuidance: readonly ArrayLike<number>[],
  ): void {
    if (!this.models) {
      fillVariable(trained, variable, Number.NaN);
      return;
    }
    const due = dueGuidance[this.place]!;
    this.models.full.learn(hour, variable, y, trained, due);
    this.models.hourly.learn(hour, variable, y, this.others, due);
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const column = columnOf(variable, lead);
      trained[column] = (trained[column] + this.others[column]) / 2;
    }
  }

  explain(column: number): Contribution[] {
    if (!this.models) return [];
    const full = this.models.full.weightsOf(column);
    const hourly = this.models.hourly.weightsOf(column, this.features.hour);
    return [
      { feature: guidancePart(this.source), contributionC: this.guidance[column], perDegree: 1 },
      ...this.featureNames.map((feature, i) => ({
        feature,
        contributionC: ((full[i] + (i < guidanceFeatureCount ? hourly[i] : 0)) / 2) * this.x[i],
      })),
    ];
  }
}
