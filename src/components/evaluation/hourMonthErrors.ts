import type { Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { standardOffset } from "../ui/timeZone.js";

export interface HourMonthErrors {
  /** Calendar months, 1 to 12. */
  months: number[];
  /** Forecasts of each month. */
  n: number[];
  /** Hours of the day in the station's standard time, in order, such as "05:30". */
  hours: string[];
  /** A list a month in the order of `hours`, °C. */
  maeC: (number | null)[][];
  /** What the hours are counted from, such as "UTC−6". */
  zone: string;
}

/** Errors of a lead by month and by hour of the day for which it was forecast, in the station's standard time. */
export function hourMonthErrors(
  data: StationEvaluation,
  { variable, leadHours }: { variable: Variable; leadHours: number },
): HourMonthErrors | null {
  const found = data.byHour.find((row) => row.variable === variable && row.leadHours === leadHours);
  if (!found || !data.period) return null;
  const offset = standardOffset(data.period.through, data.station.timeZone);
  const places = Array.from({ length: 24 }, (_, utc) => ({
    utc,
    local: (((utc * hourMs + offset) % dayMs) + dayMs) % dayMs,
  }));
  places.sort((a, b) => a.local - b.local);
  return {
    months: found.months,
    n: found.n,
    hours: places.map(({ local }) => clock(local)),
    maeC: found.maeC.map((row) => places.map(({ utc }) => row[utc] ?? null)),
    zone: `UTC${offset < 0 ? "−" : "+"}${clock(Math.abs(offset)).replace(/^0|:00$/g, "")}`,
  };
}

function clock(time: number): string {
  return new Date(time).toISOString().slice(11, 16);
}

/** "Jan" */
export function monthLabel(month: number): string {
  return new Intl.DateTimeFormat("en", { month: "short", timeZone: "UTC" }).format(Date.UTC(2000, month - 1));
}
