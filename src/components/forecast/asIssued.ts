import type { StationForecast } from "../../shared/published/stationForecast.js";
import type { Issue } from "./issue.js";
import { newestObserved } from "./newestObserved.js";

/** A station as it was when a forecast was issued: what had been observed by then, and that forecast as its newest. */
export function asIssued(data: StationForecast, issue: Issue): StationForecast {
  const { issuedTime, forecast, baselines, official } = issue;
  const observed = data.observed.filter(({ validTime }) => validTime <= issuedTime);
  const newestObservedTime = newestObserved(observed, "temperature")?.time ?? null;
  const station = { ...data.station, newestObservedTime, newestIssuedTime: issuedTime };
  return { ...data, station, asOf: issuedTime, observed, issuedTime, forecast, baselines, official };
}

/** Whether a forecast is not the newest of its station. */
export function isOlder(data: Pick<StationForecast, "issuedTime">, issue: Issue | null): issue is Issue {
  return issue !== null && issue.issuedTime !== data.issuedTime;
}
