import type { ForecastHour } from "../../shared/published/stationForecast.js";

/** The lowest and the highest hour of the next 24, in the order in which they come; none where all are alike. */
export function nextExtremes(forecast: readonly ForecastHour[]): { kind: "low" | "high"; hour: ForecastHour }[] {
  const day = forecast.filter(({ leadHours }) => leadHours <= 24);
  if (day.length === 0) return [];
  const low = day.reduce((best, row) => (row.valueC < best.valueC ? row : best));
  const high = day.reduce((best, row) => (row.valueC > best.valueC ? row : best));
  if (low === high) return [];
  const extremes = [
    { kind: "low" as const, hour: low },
    { kind: "high" as const, hour: high },
  ];
  return extremes.sort((a, b) => a.hour.leadHours - b.hour.leadHours);
}
