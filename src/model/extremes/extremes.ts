import type { StateArray, Stateful } from "../arithmetic/state.js";
import { positionIn } from "../calendar.js";
import { columnOf, levels, maxLeadHours, quantileCount } from "../vocabulary.js";
import { ExtremeClimatology } from "./extremeClimatology.js";
import { ExtremeScores } from "./extremeScores.js";
import { HeatThreshold } from "./heatThreshold.js";
import { frostC } from "./odds.js";
import { issuedScores, quantileAt } from "./quantiles.js";
import {
  type ExtremeKind,
  endsAt,
  extremeKinds,
  firstEnd,
  mayBeMissing,
  windowCount,
  windowLengths,
  windowNumber,
} from "./windows.js";

/** Where the tracked levels start, by kind: fitted to four stations. */
const startScores = [
  [-2, -1.36, -0.83, -0.18, 0.47, 1.1, 1.87],
  [-1.9, -1.15, -0.5, 0.2, 0.8, 1.34, 1.93],
];
const rate = 0.005;
const day = 24;
/** Extremes of windows of the last days, to compare with; one more than the windows ahead. */
const remembered = windowCount + 1;

/** The forecast of the low of a night or the high of a day. */
export interface ExtremeForecast {
  kind: ExtremeKind;
  /** Last hour of the window, hours since 1970. */
  endHour: number;
  /** °C, lowest first */
  quantiles: number[];
  /** Threshold of the odds of frost or heat, °C; NaN while that of heat is unknown. */
  thresholdC: number;
}

/**
 * Forecasts of the next nights' lows and days' highs. The lowest of the hourly medians is not the median of the low, so each
 * quantile of the low is a quantile of another level of the hour with the lowest median; these levels, as scores of a
 * standard normal, are tracked for each lead of the window's end: z += 0.005·(level - 1[extreme < bound]), with the bounds
 * as they were at issue and the extreme of the hours that were still to come. What a window under way has observed bounds
 * what is published.
 */
export class Extremes implements Stateful {
  /** kind × window × quantile: the quantiles issued at the newest hour, °C; NaN where there are none */
  readonly quantiles = new Float32Array(extremeKinds.length * windowCount * quantileCount).fill(Number.NaN);
  readonly scores = new ExtremeScores();
  private readonly climatology = new ExtremeClimatology();
  private readonly heat: HeatThreshold;
  /** kind × lead of the window's end × quantile: the tracked levels */
  private readonly levelScores = new Float64Array(extremeKinds.length * maxLeadHours * quantileCount);
  /** hour of issue mod 72 × kind × window × quantile: bounds of the hours that were still to come */
  private readonly waiting = new Float32Array(maxLeadHours * this.quantiles.length).fill(Number.NaN);
  /** The same by the hourly quantiles of the hour with the extreme median, which are compared with them. */
  private readonly untracked = new Float32Array(maxLeadHours * this.quantiles.length).fill(Number.NaN);
  /** hour mod 24: the temperatures observed, °C; NaN where missing */
  private readonly observed = new Float32Array(day).fill(Number.NaN);
  /** kind × (day of its end mod 4): the extremes of the last windows, °C; NaN where too many hours were missing */
  private readonly past = new Float32Array(extremeKinds.length * remembered).fill(Number.NaN);
  /** hour of issue mod 72: the threshold of heat, °C; NaN while it is unknown */
  private readonly heatC = new Float64Array(maxLeadHours).fill(Number.NaN);
  readonly state: readonly StateArray[];

  /**
   * @param utcOffset hours that local standard time is ahead of UTC
   * @param heatC threshold of heat, °C; null for the 95 % quantile of the highs so far
   */
  constructor(
    private readonly utcOffset: number,
    heatC: number | null = null,
  ) {
    this.heat = new HeatThreshold(heatC);
    this.state = [
      this.quantiles,
      ...this.scores.state,
      ...this.climatology.state,
      ...this.heat.state,
      this.levelScores,
      this.waiting,
      this.untracked,
      this.observed,
      this.past,
      this.heatC,
    ];
    for (const [kind, start] of startScores.entries())
      for (let lead = 1; lead <= maxLeadHours; lead++) this.levelScores.set(start, levelsAt(kind, lead));
  }

  /** Observes the temperature of an hour, NaN when it is missing; scores and learns from the windows that end at it. */
  observe(hour: number, temperatureC: number): void {
    this.observed[positionIn(day, hour)] = temperatureC;
    for (let kind = 0; kind < extremeKinds.length; kind++) {
      if (!endsAt(kind, hour, this.utcOffset)) continue;
      const truth = this.truth(kind, hour);
      if (!Number.isNaN(truth)) {
        this.score(kind, hour, truth);
        this.learn(kind, hour);
        this.climatology.learn(kind, hour, truth);
        if (extremeKinds[kind] === "high") this.heat.add(truth);
      }
      this.past[this.pastAt(kind, hour)] = truth;
    }
  }

  /** Issues the quantiles from the hourly medians (by column) and quantiles (column × quantile). */
  issue(hour: number, medians: Float32Array, hourly: Float32Array): void {
    const { quantiles, waiting, untracked } = this;
    this.skip(hour);
    this.heatC[positionIn(maxLeadHours, hour)] = this.heat.thresholdC;
    const at = positionIn(maxLeadHours, hour) * quantiles.length;
    for (let kind = 0; kind < extremeKinds.length; kind++)
      for (let window = 0; window < windowCount; window++) {
        const end = firstEnd(kind, hour, this.utcOffset) + day * window;
        if (end > maxLeadHours) continue;
        const start = end - windowLengths[kind]!;
        const lead = extremeLead(kind, medians, Math.max(1, start), end);
        if (lead === 0 || Number.isNaN(hourly[(lead - 1) * quantileCount])) continue;
        const place = (kind * windowCount + window) * quantileCount;
        const seen = start <= 0 ? this.extremeOf(kind, hour + start, hour) : Number.NaN;
        let score = Number.NEGATIVE_INFINITY;
        for (let q = 0; q < quantileCount; q++) {
          // A running maximum keeps the quantiles in order.
          score = Math.max(score, this.levelScores[levelsAt(kind, end) + q]!);
          const bound = quantileAt(hourly, (lead - 1) * quantileCount, score);
          waiting[at + place + q] = bound;
          untracked[at + place + q] = quantileAt(hourly, (lead - 1) * quantileCount, issuedScores[q]!);
          quantiles[place + q] = extremeOfTwo(kind, bound, seen);
        }
      }
  }

  /** The forecasts issued at the newest hour. */
  *issued(hour: number): Generator<ExtremeForecast> {
    for (const [k, kind] of extremeKinds.entries())
      for (let window = 0; window < windowCount; window++) {
        const at = (k * windowCount + window) * quantileCount;
        if (Number.isNaN(this.quantiles[at])) continue;
        const endHour = hour + firstEnd(k, hour, this.utcOffset) + day * window;
        const quantiles = Array.from(this.quantiles.subarray(at, at + quantileCount));
        yield { kind, endHour, quantiles, thresholdC: this.thresholdAt(k, hour) };
      }
  }

  /** The threshold of heat of the forecasts issued at one of the last 72 hours, °C; NaN while it is unknown. */
  heatAt(hour: number): number {
    return this.heatC[positionIn(maxLeadHours, hour)]!;
  }

  /** Issues nothing from an hour without a temperature. */
  skip(hour: number): void {
    const at = positionIn(maxLeadHours, hour) * this.quantiles.length;
    this.waiting.fill(Number.NaN, at, at + this.quantiles.length);
    this.quantiles.fill(Number.NaN);
  }

  /** The extreme of the window that ends at an hour, °C; NaN when more than one of its hours is missing. */
  private truth(kind: number, end: number): number {
    const start = end - windowLengths[kind]!;
    let missing = 0;
    for (let hour = start; hour <= end; hour++) if (Number.isNaN(this.observed[positionIn(day, hour)])) missing++;
    return missing > mayBeMissing ? Number.NaN : this.extremeOf(kind, start, end);
  }

  /** Where the bounds of the window that ends at an hour are, as issued `lead` hours before; -1 without bounds. */
  private waitingAt(kind: number, end: number, lead: number): number {
    const window = Math.ceil(lead / day) - 1;
    const at =
      positionIn(maxLeadHours, end - lead) * this.quantiles.length + (kind * windowCount + window) * quantileCount;
    return Number.isNaN(this.waiting[at]) ? -1 : at;
  }

  /** The threshold of the odds issued at an hour, °C. */
  private thresholdAt(kind: number, issued: number): number {
    return extremeKinds[kind] === "low" ? frostC : this.heatAt(issued);
  }

  private score(kind: number, end: number, truth: number): void {
    const start = end - windowLengths[kind]!;
    const { meanC, deviationC } = this.climatology.at(kind, end);
    const climatology = issuedScores.map((score) => meanC + deviationC * score);
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const at = this.waitingAt(kind, end, lead);
      if (at < 0) continue;
      const issued = end - lead;
      const seen = this.extremeOf(kind, start, issued);
      const bounded = (bounds: Float32Array) =>
        bounds.subarray(at, at + quantileCount).map((bound) => extremeOfTwo(kind, bound, seen));
      this.scores.add(kind, windowNumber(kind, lead), truth, {
        quantiles: bounded(this.waiting),
        untracked: bounded(this.untracked),
        // The newest window that had ended when the forecast was issued.
        before: this.past[this.pastAt(kind, end - day * Math.ceil(lead / day))]!,
        climatology,
        thresholdC: this.thresholdAt(kind, issued),
      });
    }
  }

  private learn(kind: number, end: number): void {
    const start = end - windowLengths[kind]!;
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const at = this.waitingAt(kind, end, lead);
      if (at < 0) continue;
      const extreme = this.extremeOf(kind, Math.max(start, end - lead + 1), end);
      if (Number.isNaN(extreme)) continue;
      for (let q = 0; q < quantileCount; q++)
        this.levelScores[levelsAt(kind, lead) + q] += rate * (levels[q]! - (extreme < this.waiting[at + q]! ? 1 : 0));
    }
  }

  /** The extreme of the temperatures observed from one hour to another; NaN without any. */
  private extremeOf(kind: number, from: number, to: number): number {
    let extreme = Number.NaN;
    for (let hour = from; hour <= to; hour++)
      extreme = extremeOfTwo(kind, this.observed[positionIn(day, hour)]!, extreme);
    return extreme;
  }

  private pastAt(kind: number, end: number): number {
    return kind * remembered + positionIn(remembered, Math.floor(end / day));
  }
}

function levelsAt(kind: number, lead: number): number {
  return (kind * maxLeadHours + lead - 1) * quantileCount;
}

/** The lower or the higher of two values; NaN counts as missing. */
function extremeOfTwo(kind: number, a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) ? b : a;
  return kind === 0 ? Math.min(a, b) : Math.max(a, b);
}

/** The lead whose median is the extreme one; 0 without a forecast. */
function extremeLead(kind: number, medians: Float32Array, first: number, last: number): number {
  let [extreme, found] = [Number.NaN, 0];
  for (let lead = first; lead <= last; lead++) {
    const median = medians[columnOf(0, lead)]!;
    if (Number.isNaN(median) || !(found === 0 || (kind === 0 ? median < extreme : median > extreme))) continue;
    [extreme, found] = [median, lead];
  }
  return found;
}
