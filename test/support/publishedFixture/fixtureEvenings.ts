import { probabilityBelow } from "../../../src/model/extremes/quantiles.js";
import { extremeKinds, windowLengths } from "../../../src/model/extremes/windows.js";
import { eveningEnds, isEvening } from "../../../src/pipeline/replay/eveningForecast.js";
import { dayMs, hourMs, minuteMs, standardOffset } from "../../../src/shared/time.js";
import { fixtureTemperature, guidanceOf, jitter, type Place, type Rows } from "./fixturePlaces.js";

/** Days with evening forecasts, and how many of the newest were live. Of every eleventh night too many hours are missing. */
const [days, liveDays, undecidedEvery] = [36, 10, 11];

const normalScores = [-1.96, -1.2816, -0.6745, 0, 0.6745, 1.2816, 1.96];

/** Evening forecasts near what came, with guidance a little further off. */
export function addEvenings(rows: Rows, place: Place, newest: number): void {
  if (!place.quantiles) return;
  const utcOffset = Math.round(standardOffset(newest, place.timeZone) / hourMs);
  const tenth = (value: number) => Math.round(value * 10) / 10 + 0;
  const extreme = (kind: (typeof extremeKinds)[number], end: number) => {
    const length = windowLengths[extremeKinds.indexOf(kind)]!;
    const values = Array.from({ length: length + 1 }, (_, i) => fixtureTemperature(place, (end - i) * hourMs));
    return tenth(kind === "low" ? Math.min(...values) : Math.max(...values));
  };
  for (let hour = newest / hourMs - days * 24; hour <= newest / hourMs; hour++) {
    if (!isEvening(hour, utcOffset)) continue;
    const isLive = hour * hourMs > newest - liveDays * dayMs;
    const ends = eveningEnds(hour, utcOffset);
    for (const [k, kind] of extremeKinds.entries()) {
      const truth = extreme(kind, ends[k]!);
      const hasEnded = ends[k]! * hourMs <= newest;
      const isUndecided = kind === "low" && Math.floor(hour / 24) % undecidedEvery === 0;
      const median = truth + 3 * jitter(hour + k);
      const bounds = normalScores.map((score) => tenth(median + 1.1 * score));
      const [p025, p10, p25, p50, p75, p90, p975] = bounds as [number, number, number, number, number, number, number];
      const said = (source: "nbm" | "nws") =>
        guidanceOf(place).includes(source) ? tenth(truth + 5 * jitter(hour + k + source.length * 7)) : null;
      rows.evenings.push({
        stationId: place.stationId,
        issuedTime: hour * hourMs,
        madeTime: hour * hourMs + (isLive ? 8 * minuteMs : 30 * dayMs),
        live: isLive,
        kind,
        endTime: ends[k]! * hourMs,
        digest: hour.toString(16).padStart(16, "0"),
        entry: 1,
        ...{ p025, p10, p25, p50, p75, p90, p975 },
        frost: kind === "low" ? Math.round(probabilityBelow(bounds, 0) * 1000) / 1000 : null,
        persistenceC: extreme(kind, ends[k]! - 24),
        nbmC: said("nbm"),
        nwsC: said("nws"),
        otherC: null,
        truthC: hasEnded && !isUndecided ? truth : null,
        hoursMissing: hasEnded ? (isUndecided ? 3 : 0) : null,
      });
    }
  }
}
