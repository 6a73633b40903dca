import { quantileCount, quantileNames } from "../model/intervals.js";
import { maxLeadHours, variables } from "../model/vocabulary.js";
import { hourMs } from "./hourValues.js";
import type { ReplayResult } from "./replay.js";

/** Columns of table `forecasts`, but for the station. */
export const forecastColumns = ["issuedTime", "variable", "leadHours", "valueC", ...quantileNames] as const;

/** Issued forecasts as rows in the order of `forecastColumns`, °C to the hundredth, by hour, variable and lead. */
export function* forecastRows(forecasts: ReplayResult["forecasts"]): Generator<(string | number | null)[]> {
  for (const { hour, values, quantiles } of forecasts)
    for (let column = 0; column < values.length; column++) {
      const variable = variables[Math.floor(column / maxLeadHours)]!;
      const row = [hour * hourMs, variable, (column % maxLeadHours) + 1, hundredth(values[column]!)];
      for (let q = 0; q < quantileCount; q++) row.push(hundredth(quantiles[column * quantileCount + q]!));
      yield row;
    }
}

/** To the hundredth; null for NaN. */
export function hundredth(value: number): number | null {
  return Number.isNaN(value) ? null : Math.round(value * 100) / 100;
}
