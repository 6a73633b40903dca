import type { StateArray } from "../arithmetic/state.js";
import type { HourFeatures } from "../features/features.js";
import type { History } from "../features/history.js";
import { columnCount, fillVariable, type GuidanceSource, guidanceSources } from "../vocabulary.js";
import type { Contribution, Expert } from "./expert.js";

/** Name of the part of an explanation that is the guidance of a source. */
export function guidancePart(source: GuidanceSource): string {
  return `guidance ${source}`;
}

/** The guidance of a source, unchanged. Has no forecast where there is none. */
export class GuidanceExpert implements Expert {
  readonly name: GuidanceSource;
  private readonly place: number;
  private readonly values = new Float32Array(columnCount).fill(Number.NaN);
  readonly state: readonly StateArray[] = [this.values];

  constructor(source: GuidanceSource) {
    this.name = source;
    this.place = guidanceSources.indexOf(source);
  }

  observe(_hour: number, _history: History, { guidance }: HourFeatures): void {
    const values = guidance[this.place];
    if (values) this.values.set(values);
    else this.values.fill(Number.NaN);
  }

  skip(): void {
    this.values.fill(Number.NaN);
  }

  forecast(out: Float32Array): void {
    out.set(this.values);
  }

  learn(_hour: number, variable: number, _y: number, trained: Float32Array): void {
    fillVariable(trained, variable, Number.NaN);
  }

  explain(column: number): Contribution[] {
    return [{ feature: guidancePart(this.name), contributionC: this.values[column], perDegree: 1 }];
  }
}
