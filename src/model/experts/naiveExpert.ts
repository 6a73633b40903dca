import type { StateArray } from "../arithmetic/state.js";
import type { History } from "../features/history.js";
import { columnCount, columnOf, fillVariable, leadOf, maxLeadHours, variableOf } from "../vocabulary.js";
import type { Contribution, Expert } from "./expert.js";

/** Forecasts the value observed `lagOf(leadHours)` hours before the hour of issue. */
abstract class NaiveExpert implements Expert {
  abstract readonly name: "persistence" | "seasonalNaive";
  private readonly values = new Float32Array(columnCount).fill(Number.NaN);
  readonly state: readonly StateArray[] = [this.values];

  protected abstract lagOf(leadHours: number): number;

  observe(_hour: number, history: History): void {
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const lag = this.lagOf(lead);
      this.values[columnOf(0, lead)] = history.temperatureAt(lag);
      this.values[columnOf(1, lead)] = history.dewPointAt(lag);
    }
  }

  forecast(out: Float32Array): void {
    out.set(this.values);
  }

  learn(_hour: number, variable: number, _y: number, trained: Float32Array): void {
    fillVariable(trained, variable, Number.NaN);
  }

  explain(column: number): Contribution[] {
    const lag = this.lagOf(leadOf(column));
    return [
      { feature: `${variableOf(column) === 0 ? "T" : "Td"}₋${lag}`, contributionC: this.values[column], perDegree: 1 },
    ];
  }
}

/** The newest observation at every lead. */
export class Persistence extends NaiveExpert {
  readonly name = "persistence";
  protected override lagOf(): number {
    return 0;
  }
}

/** The newest observation at the same hour of the day. */
export class SeasonalNaive extends NaiveExpert {
  readonly name = "seasonalNaive";
  protected override lagOf(leadHours: number): number {
    return 24 * Math.ceil(leadHours / 24) - leadHours;
  }
}
