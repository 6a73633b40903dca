import type { StateArray } from "../arithmetic/state.js";
import { columnCount, type ModelName, maxLeadHours } from "../vocabulary.js";
import type { Contribution, Expert } from "./expert.js";

/** Keeps the place of an expert that is not to take part: it never forecasts, and so gets no weight. */
export class SleepingExpert implements Expert {
  readonly state: readonly StateArray[] = [];

  constructor(readonly name: ModelName) {}

  observe(): void {}

  recall(): void {}

  roundOff(): void {}

  skip(): void {}

  forecast(out: Float32Array): void {
    out.fill(Number.NaN, 0, columnCount);
  }

  learn(_hour: number, variable: number, _y: number, trained: Float32Array): void {
    trained.fill(Number.NaN, variable * maxLeadHours, (variable + 1) * maxLeadHours);
  }

  explain(): Contribution[] {
    return [];
  }
}
