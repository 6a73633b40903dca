import { greatest, least } from "d3";
import type { Variable } from "../../model/vocabulary.js";
import type {
  BaselineForecast,
  ForecastHour,
  ObservedHour,
  StationForecast,
} from "../../shared/published/stationForecast.js";

/** A forecast of a station, the newest or an older one. */
export interface IssuedForecast {
  issuedTime: number;
  hours: Record<Variable, ForecastHour[]>;
  baselines: BaselineForecast[];
}

/** The newest forecast; null if there is none. */
export function newestForecast({ issuedTime, forecast, baselines }: StationForecast): IssuedForecast | null {
  return issuedTime === null ? null : { issuedTime, hours: forecast, baselines };
}

/** A station as it was when a forecast was issued: with the observations until then, and that forecast as its newest. */
export function stationAsOf(data: StationForecast, older: IssuedForecast): StationForecast {
  const { issuedTime, hours, baselines } = older;
  const observed = data.observed.filter(({ validTime }) => validTime <= issuedTime);
  const newestObservedTime = newestObserved(observed, "temperature")?.time ?? null;
  const station = { ...data.station, newestObservedTime, newestIssuedTime: issuedTime };
  const guidance = data.guidance.filter(({ publicTime }) => publicTime < issuedTime);
  const then = { asOf: issuedTime, observed, issuedTime, forecast: hours, baselines, extremes: [], guidance, scorecard: null };
  return { ...data, station, ...then };
}

/** Whether a forecast is not the newest of its station. */
export function isOlder(
  data: Pick<StationForecast, "issuedTime">,
  forecast: IssuedForecast | null,
): forecast is IssuedForecast {
  return forecast !== null && forecast.issuedTime !== data.issuedTime;
}

/** The newest observed value, °C. */
export function newestObserved(
  observed: readonly ObservedHour[],
  variable: Variable,
): { time: number; value: number } | undefined {
  const newest = observed.findLast((row) => row[variable] !== null);
  return newest && { time: newest.validTime, value: newest[variable]! };
}

export interface Extreme {
  kind: "low" | "high";
  hour: ForecastHour;
}

/** The lowest and the highest of the next 24 hours, in order of time; none if all are equal. */
export function nextExtremes(forecast: readonly ForecastHour[]): Extreme[] {
  const day = forecast.filter(({ leadHours }) => leadHours <= 24);
  const low = least(day, ({ valueC }) => valueC);
  const high = greatest(day, ({ valueC }) => valueC);
  if (!low || !high || low === high) return [];
  const extremes: Extreme[] = [
    { kind: "low", hour: low },
    { kind: "high", hour: high },
  ];
  return extremes.sort((a, b) => a.hour.leadHours - b.hour.leadHours);
}
