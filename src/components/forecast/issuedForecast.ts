import { greatest, least } from "d3";
import type { Variable } from "../../model/vocabulary.js";
import type { StationExtreme } from "../../shared/published/extremeTables.js";
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
  const then = {
    asOf: issuedTime,
    observed,
    conditions: null,
    issuedTime,
    forecast: hours,
    baselines,
    extremes: [],
    joint: null,
    guidance,
    scorecard: null,
  };
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

/** The next low or high. */
export interface Extreme {
  kind: "low" | "high";
  /** The hour with the extreme median. */
  hour: ForecastHour;
  /** °C; the median of the low or high if it has a forecast of its own, else that of the hour. */
  valueC: number;
  /** The forecast of the night or day; null in older forecasts and of dew points. */
  window: StationExtreme | null;
}

/**
 * The next low and the next high, in order of time: of nights and days that are not half over, if they have forecasts of their
 * own; else the lowest and highest of the next 24 hourly medians, none if all are equal.
 */
export function nextExtremes(
  forecast: readonly ForecastHour[],
  { extremes, issuedTime }: Pick<StationForecast, "extremes" | "issuedTime"> = { extremes: [], issuedTime: null },
): Extreme[] {
  const found = (["low", "high"] as const).flatMap((kind): Extreme[] => {
    const window =
      extremes.find((one) => one.kind === kind && one.endTime - issuedTime! > (one.endTime - one.startTime) / 2) ??
      null;
    const hours = forecast.filter(({ validTime, leadHours }) =>
      window ? validTime >= window.startTime && validTime <= window.endTime : leadHours <= 24,
    );
    const hour = (kind === "low" ? least : greatest)(hours, ({ valueC }) => valueC);
    return hour ? [{ kind, hour, valueC: window?.p50 ?? hour.valueC, window }] : [];
  });
  if (found.length < 2 || found[0]!.hour === found[1]!.hour) return [];
  return found.sort((a, b) => a.hour.leadHours - b.hour.leadHours);
}
