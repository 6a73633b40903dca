import { placeIn } from "../calendar.js";
import type { ForecasterOptions } from "../experts/modelOptions.js";
import {
  columnCount,
  columnOf,
  maxLeadHours,
  modelNames,
  publishedModel,
  quantities,
  reportedLeads,
  variables,
} from "../vocabulary.js";
import { Forecaster } from "./forecaster.js";

/** Consecutive hours of a station. */
export interface StationHours {
  /** Hours since 1970. */
  firstHour: number;
  /** hours × quantities, NaN where missing */
  values: Float64Array;
  /** hours × columns, what the official forecast said, °C, NaN where nothing; null where there is none */
  official: Float32Array | null;
}

/** Columns traced: variable × reported lead. */
export const tracedColumns = variables.flatMap((_, variable) => reportedLeads.map((lead) => columnOf(variable, lead)));

const published = modelNames.indexOf(publishedModel);
const width = quantities.length;

/**
 * A forecaster of its own, taken through a station's hours from the first on, that notes how far off its published
 * model was: what a reader's replay draws. Any ε can then be laid over the errors.
 */
export class TracedReplay {
  readonly forecaster: Forecaster;
  readonly hours: number;
  /** hours × traced columns: |e| of the forecast that came due, °C; NaN where none did. */
  readonly errors: Float64Array;
  /** Hours taken in. */
  done = 0;
  private readonly station: StationHours;
  /** What was issued at the last 72 hours. */
  private readonly waiting = new Float32Array(maxLeadHours * columnCount).fill(Number.NaN);

  constructor(options: ForecasterOptions, station: StationHours) {
    this.forecaster = new Forecaster(options);
    this.station = station;
    this.hours = station.values.length / width;
    this.errors = new Float64Array(this.hours * tracedColumns.length).fill(Number.NaN);
  }

  /** What the published model issued at the last hour taken in, °C by column. */
  get issued(): Float32Array {
    return this.forecaster.issued[published];
  }

  /** What the official forecast said that the model saw at that hour, °C by column; null where there is none. */
  get official(): Float32Array | null {
    const { official } = this.station;
    return official?.subarray((this.done - 1) * columnCount, this.done * columnCount) ?? null;
  }

  /** Takes in at most `count` hours more. */
  advance(count: number): void {
    const end = Math.min(this.done + count, this.hours);
    for (; this.done < end; this.done++) {
      const hour = this.station.firstHour + this.done;
      const values = this.station.values.subarray(this.done * width, (this.done + 1) * width);
      const at = this.done * tracedColumns.length;
      for (let i = 0; i < tracedColumns.length; i++) {
        const column = tracedColumns[i];
        const lead = (column % maxLeadHours) + 1;
        const issued = placeIn(maxLeadHours, hour - lead);
        const y = values[Math.floor(column / maxLeadHours)];
        this.errors[at + i] = Math.abs(this.waiting[issued * columnCount + column] - y);
      }
      const { official } = this.station;
      this.forecaster.step(hour, values, official?.subarray(this.done * columnCount, (this.done + 1) * columnCount));
      this.waiting.set(this.issued, placeIn(maxLeadHours, hour) * columnCount);
    }
  }
}
