import type { Variable } from "../../model/vocabulary.js";
import type { ObservedHour } from "../../shared/published/stationForecast.js";

/** The newest hour that holds a value, °C; undefined where none does. */
export function newestObserved(
  observed: readonly ObservedHour[],
  variable: Variable,
): { time: number; value: number } | undefined {
  for (let i = observed.length - 1; i >= 0; i--) {
    const { validTime, [variable]: value } = observed[i]!;
    if (value !== null) return { time: validTime, value };
  }
  return undefined;
}
