import { maxLeadHours, quantileCount, quantileNames, variables } from "../../model/vocabulary.js";
import { hourMs } from "../../shared/time.js";
import type { ReplayResult } from "./replay.js";

const median = quantileNames.indexOf("p50");

/** Columns of table `forecasts`, but for the station. The median is the forecast itself. */
export const forecastColumns = [
  ...["issuedTime", "variable", "leadHours", "valueC"],
  ...quantileNames.filter((name) => name !== "p50"),
] as const;

/**
 * Issued forecasts as rows in the order of `forecastColumns`, by hour, variable and lead. To the tenth of a degree, as
 * observations are: rounding keeps their order, and halves what weeks of them take.
 */
export function* forecastRows(forecasts: ReplayResult["forecasts"]): Generator<(string | number | null)[]> {
  for (const { hour, values, quantiles } of forecasts)
    for (let column = 0; column < values.length; column++) {
      if (Number.isNaN(values[column])) continue; // as the dew point where it was never observed
      const variable = variables[Math.floor(column / maxLeadHours)]!;
      const row = [hour * hourMs, variable, (column % maxLeadHours) + 1, tenth(values[column]!)];
      for (let q = 0; q < quantileCount; q++) if (q !== median) row.push(tenth(quantiles[column * quantileCount + q]!));
      yield row;
    }
}

/** To the tenth; null for NaN. Never -0, which Parquet does not give back. */
export function tenth(value: number): number | null {
  return Number.isNaN(value) ? null : Math.round(value * 10) / 10 + 0;
}
