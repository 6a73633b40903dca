import { positionIn } from "../calendar.js";
import type { ExpertPriors } from "../experts/createExperts.js";
import type { ForecasterOptions } from "../experts/modelOptions.js";
import { type Around, NetworkReplay } from "../network/networkReplay.js";
import { ewmaeCorrected, ewmaeStep } from "../scores/ewmae.js";
import {
  columnCount,
  leadOf,
  maxLeadHours,
  publishedIndex,
  quantities,
  reportedColumns,
  variableOf,
} from "../vocabulary.js";
import { Forecaster } from "./forecaster.js";

/** Consecutive hours of a station. */
export interface StationHours {
  /** Hours since 1970. */
  firstHour: number;
  /** hours × quantities, NaN where missing */
  values: Float64Array;
  /** by source: hours × columns, its guidance, °C, NaN where missing; null when there is none */
  guidance: readonly (Float32Array | null)[];
}

/** The guidance of an hour of a station, by source: columns, °C; null when there is none. */
export function guidanceAt({ guidance }: Pick<StationHours, "guidance">, index: number): (Float32Array | null)[] {
  return guidance.map((values) => values?.subarray(index * columnCount, (index + 1) * columnCount) ?? null);
}

/** What a model knows beside the station's own hours. */
export interface ReplayContext {
  /** The network around the station; null outside a network. */
  around?: Around | null;
  /** Where the regressions start. */
  priors?: ExpertPriors;
}

const width = quantities.length;

/**
 * Replays a station's hours with a new forecaster and records the errors of its published model. The replay chart
 * computes EWMAE from them, with any ε.
 */
export class TracedReplay {
  readonly forecaster: Forecaster;
  readonly hours: number;
  /** hours × reported columns: |error| of the forecast that came due, °C; NaN where none did */
  readonly errors: Float64Array;
  /** Hours replayed so far. */
  done = 0;
  private readonly station: StationHours;
  private readonly network: NetworkReplay | null;
  /** hour of issue mod 72 × column: the forecasts of the last 72 hours */
  private readonly pending = new Float32Array(maxLeadHours * columnCount).fill(Number.NaN);

  constructor(options: ForecasterOptions, station: StationHours, { around = null, priors = {} }: ReplayContext = {}) {
    this.forecaster = new Forecaster(options, priors);
    this.station = station;
    this.network = around && new NetworkReplay(around);
    this.hours = station.values.length / width;
    this.errors = new Float64Array(this.hours * reportedColumns.length).fill(Number.NaN);
  }

  /** The published model's forecast from the last hour replayed, °C by column. */
  get issued(): Float32Array {
    return this.forecaster.issued[publishedIndex];
  }

  /** By source, the guidance known at the last hour replayed, °C by column; null when there is none. */
  get guidance(): (Float32Array | null)[] {
    return guidanceAt(this.station, this.done - 1);
  }

  /** Replays at most `count` more hours. */
  advance(count: number): void {
    const end = Math.min(this.done + count, this.hours);
    for (; this.done < end; this.done++) {
      const hour = this.station.firstHour + this.done;
      const values = this.station.values.subarray(this.done * width, (this.done + 1) * width);
      this.recordErrors(hour, values);
      this.forecaster.step(hour, values, guidanceAt(this.station, this.done), this.network?.at(hour));
      this.pending.set(this.issued, positionIn(maxLeadHours, hour) * columnCount);
    }
  }

  private recordErrors(hour: number, values: Float64Array): void {
    const at = this.done * reportedColumns.length;
    for (const [i, column] of reportedColumns.entries()) {
      const issuedAt = positionIn(maxLeadHours, hour - leadOf(column)) * columnCount;
      this.errors[at + i] = Math.abs(this.pending[issuedAt + column] - values[variableOf(column)]);
    }
  }
}

export interface EwmaePoint {
  /** Index of the hour, from 0. */
  index: number;
  /** Errors up to this hour. */
  n: number;
  /** °C, corrected for its start at 0. */
  ewmae: number;
}

/**
 * EWMAE of one reported column along the errors that `TracedReplay` records, with any ε in (0, 1].
 * @param errors hours × reported columns, NaN where no forecast came due
 * @param reported index of the column in `reportedColumns`
 * @param indices ascending indices of the hours to return; those before the first error are left out
 */
export function ewmaeTrace(
  errors: Float64Array,
  reported: number,
  epsilon: number,
  indices: readonly number[],
): EwmaePoint[] {
  const points: EwmaePoint[] = [];
  let ewmae = 0;
  let n = 0;
  let hour = 0;
  for (const index of indices) {
    for (; hour <= index && hour * reportedColumns.length < errors.length; hour++) {
      const error = errors[hour * reportedColumns.length + reported];
      if (Number.isNaN(error)) continue;
      ewmae = ewmaeStep(ewmae, error, epsilon);
      n++;
    }
    if (n > 0 && hour === index + 1) points.push({ index, n, ewmae: ewmaeCorrected(ewmae, n, epsilon) });
  }
  return points;
}
