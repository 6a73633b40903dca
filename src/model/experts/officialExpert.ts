import type { StateArray } from "../arithmetic/state.js";
import type { HourFeatures } from "../features/features.js";
import type { History } from "../features/history.js";
import { columnCount, fillVariable } from "../vocabulary.js";
import type { Contribution, Expert } from "./expert.js";

/** Name of the part of an explanation that is the official forecast. */
export const officialPart = "official forecast";

/** The official forecast, unchanged. Has no forecast where there is none. */
export class OfficialExpert implements Expert {
  readonly name = "official";
  private readonly values = new Float32Array(columnCount).fill(Number.NaN);
  readonly state: readonly StateArray[] = [this.values];

  observe(_hour: number, _history: History, { official }: HourFeatures): void {
    if (official) this.values.set(official);
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
    return [{ feature: officialPart, contributionC: this.values[column], perDegree: 1 }];
  }
}
