import { greatest, least } from "d3";
import type { Variable } from "../../model/vocabulary.js";
import type {
  BaselineHour,
  ForecastHour,
  ObservedHour,
  OfficialForecast,
  StationForecast,
} from "../../shared/published/stationForecast.js";

/** Everything that was forecast at one hour. */
export interface IssuedForecast {
  issuedTime: number;
  forecast: Record<Variable, ForecastHour[]>;
  baselines: BaselineHour[];
  official: OfficialForecast | null;
}

/** The newest forecast; null if there is none. */
export function newestForecast({ issuedTime, forecast, baselines, official }: StationForecast): IssuedForecast | null {
  return issuedTime === null ? null : { issuedTime, forecast, baselines, official };
}

/** A station as it was when a forecast was issued: what had been observed by then, and that forecast as its newest. */
export function stationAsOf(data: StationForecast, issue: IssuedForecast): StationForecast {
  const { issuedTime, forecast, baselines, official } = issue;
  const observed = data.observed.filter(({ validTime }) => validTime <= issuedTime);
  const newestObservedTime = newestObserved(observed, "temperature")?.time ?? null;
  const station = { ...data.station, newestObservedTime, newestIssuedTime: issuedTime };
  return { ...data, station, asOf: issuedTime, observed, issuedTime, forecast, baselines, official };
}

/** Whether a forecast is not the newest of its station. */
export function isOlder(
  data: Pick<StationForecast, "issuedTime">,
  issue: IssuedForecast | null,
): issue is IssuedForecast {
  return issue !== null && issue.issuedTime !== data.issuedTime;
}

/** The newest hour that holds a value, °C; undefined where none does. */
export function newestObserved(
  observed: readonly ObservedHour[],
  variable: Variable,
): { time: number; value: number } | undefined {
  const newest = observed.findLast((row) => row[variable] !== null);
  return newest && { time: newest.validTime, value: newest[variable]! };
}

/** The lowest and the highest hour of the next 24, in the order in which they come; none where all are alike. */
export function nextExtremes(forecast: readonly ForecastHour[]): { kind: "low" | "high"; hour: ForecastHour }[] {
  const day = forecast.filter(({ leadHours }) => leadHours <= 24);
  const low = least(day, ({ valueC }) => valueC);
  const high = greatest(day, ({ valueC }) => valueC);
  if (!low || !high || low === high) return [];
  const extremes = [
    { kind: "low" as const, hour: low },
    { kind: "high" as const, hour: high },
  ];
  return extremes.sort((a, b) => a.hour.leadHours - b.hour.leadHours);
}
