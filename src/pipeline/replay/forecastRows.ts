import { leadOf, medianIndex, quantileCount, quantileNames, variableOf, variables } from "../../model/vocabulary.js";
import { hourMs } from "../../shared/time.js";
import type { ReplayResult } from "./replay.js";

/** Columns of table `forecasts` except the station. The median is the forecast itself. */
export const forecastColumns = [
  "issuedTime",
  "variable",
  "leadHours",
  "valueC",
  ...quantileNames.filter((name) => name !== "p50"),
] as const;

/**
 * Issued forecasts as rows of `forecastColumns`, by hour, variable and lead. Rounded to a tenth of a degree like
 * observations, which keeps their order and halves their size.
 */
export function* forecastRows(forecasts: ReplayResult["forecasts"]): Generator<(string | number | null)[]> {
  for (const { hour, values, quantiles } of forecasts)
    for (let column = 0; column < values.length; column++) {
      if (Number.isNaN(values[column])) continue; // no dew point was ever observed
      const variable = variables[variableOf(column)]!;
      const row = [hour * hourMs, variable, leadOf(column), tenth(values[column]!)];
      for (let q = 0; q < quantileCount; q++)
        if (q !== medianIndex) row.push(tenth(quantiles[column * quantileCount + q]!));
      yield row;
    }
}

/** Rounds to a tenth; null for NaN. Never -0, which Parquet does not preserve. */
export function tenth(value: number): number | null {
  return Number.isNaN(value) ? null : Math.round(value * 10) / 10 + 0;
}
