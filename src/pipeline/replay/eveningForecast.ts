import type { ExtremeForecast } from "../../model/extremes/extremes.js";
import { extremeKinds, firstEnd, mayBeMissing, windowLengths } from "../../model/extremes/windows.js";
import { columnOf, guidanceSources } from "../../model/vocabulary.js";

/** What was forecast at 18 o'clock local standard time, when a night begins: its low, and the high of the next day. */
export interface EveningForecast {
  /** Hours since 1970. */
  hour: number;
  /** Digest of the hour's forecast, as in table `issues`. */
  digest: string;
  windows: (ExtremeForecast & {
    /** What each source of guidance forecast, in the order of `guidanceSources`, °C; NaN where it does not cover the window. */
    guidanceC: number[];
  })[];
}

/** The values of guidance at an hour by source, each by column, °C. */
type GuidanceAtHour = readonly (Float32Array | null)[];

/** Whether a night begins at an hour (since 1970). */
export function isEvening(hour: number, utcOffset: number): boolean {
  return firstEnd(0, hour, utcOffset) === windowLengths[0];
}

/** The last hours of the night that begins in the evening and of the day after it, hours since 1970. */
export function eveningEnds(evening: number, utcOffset: number): number[] {
  return extremeKinds.map((_, kind) => {
    const end = firstEnd(kind, evening, utcOffset);
    // A window under way began before the evening: the next one is meant.
    return evening + (end < windowLengths[kind]! ? end + 24 : end);
  });
}

/** The evening's forecast, from all lows and highs issued then. */
export function eveningForecast(
  { hour, digest }: Pick<EveningForecast, "hour" | "digest">,
  issued: Iterable<ExtremeForecast>,
  { guidance, temperatureC, utcOffset }: { guidance: GuidanceAtHour; temperatureC: number; utcOffset: number },
): EveningForecast {
  const ends = eveningEnds(hour, utcOffset);
  const windows = [...issued].filter(({ kind, endHour }) => endHour === ends[extremeKinds.indexOf(kind)]);
  return {
    hour,
    digest,
    windows: windows.map((window) => ({
      ...window,
      guidanceC: guidanceExtremes(window, hour, guidance, temperatureC),
    })),
  };
}

/**
 * The low or high of a window by each source of guidance: the extreme of its hourly values, and of the temperature at the
 * hour of issue if the window has begun. As in the truth, one hour may be missing.
 * @param issuedHour hours since 1970
 */
export function guidanceExtremes(
  { kind, endHour }: Pick<ExtremeForecast, "kind" | "endHour">,
  issuedHour: number,
  guidance: GuidanceAtHour,
  temperatureC: number,
): number[] {
  const length = windowLengths[extremeKinds.indexOf(kind)]!;
  const leads = Array.from({ length: length + 1 }, (_, i) => endHour - length + i - issuedHour);
  return guidanceSources.map((_, source) => {
    const values = guidance[source];
    const ahead = leads.filter((lead) => lead > 0).map((lead) => values?.[columnOf(0, lead)] ?? Number.NaN);
    if (ahead.filter(Number.isNaN).length > mayBeMissing) return Number.NaN;
    return extremeOf(kind, leads.length > ahead.length ? [...ahead, temperatureC] : ahead);
  });
}

/** The lowest or highest of values that are not NaN. */
export function extremeOf(kind: ExtremeForecast["kind"], values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return Number.NaN;
  return kind === "low" ? Math.min(...known) : Math.max(...known);
}
