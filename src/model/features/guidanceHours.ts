import { columnCount, columnOf, guidanceSlot, guidanceSources, maxLeadHours } from "../vocabulary.js";

/** Guidance is used for at most this many hours after it was first public. */
export const guidanceForHours = 24;
/** The longest lead of stored guidance: enough for every lead on the day after it was public. */
export const guidanceLeads = maxLeadHours + guidanceForHours;
/** Hours between the values of guidance that is not hourly. */
const stepHours = 3;

/** A value of guidance that differs from what the same source gave before for the same hour. */
export interface GuidanceHour {
  /** nbm, nws, or the name of an imported archive. */
  source: string;
  /** The hour (since 1970) in which its run was first public. */
  issuedHour: number;
  /** Hours from then to the hour forecast; null for a run that changed nothing. */
  leadHours: number | null;
  /** °C; null when the source no longer forecasts the hour. */
  temperatureC: number | null;
  dewPointC: number | null;
}

/** The first issued hour whose values can matter from an hour on. */
export function firstGuidanceHour(firstHour: number): number {
  return firstHour - guidanceForHours - guidanceLeads;
}

/**
 * Guidance as the model uses it at a station's hours: at each, what was public in an earlier hour, because what came in the
 * same hour may have come after the model ran. Nothing of a source is used when its newest run is older than a day. Hours
 * between two values three hours apart are filled in by a cubic (Catmull-Rom) through the values around them; for the
 * temperature it is a tenth nearer to hourly forecasts than a straight line.
 * @param rows of all sources, each in the order of `issuedHour`
 * @param firstHour hours since 1970, as is `lastHour`
 * @returns by source: hours × columns, °C, NaN where missing; null when it has no run
 */
export function guidanceHours(
  rows: readonly GuidanceHour[],
  firstHour: number,
  lastHour: number,
): (Float32Array | null)[] {
  return guidanceSources.map((source) => {
    const own = rows.filter((row) => guidanceSlot(row.source) === source);
    return own.length === 0 ? null : hoursOfSource(own, firstHour, lastHour);
  });
}

function hoursOfSource(rows: readonly GuidanceHour[], firstHour: number, lastHour: number): Float32Array {
  const result = new Float32Array((lastHour - firstHour + 1) * columnCount).fill(Number.NaN);
  const known = new Map<number, readonly [temperatureC: number, dewPointC: number]>();
  let next = 0;
  for (let hour = firstHour; hour <= lastHour; hour++) {
    for (; next < rows.length && rows[next]!.issuedHour < hour; next++) {
      const { issuedHour, leadHours, temperatureC, dewPointC } = rows[next]!;
      if (leadHours === null) continue;
      if (temperatureC === null) known.delete(issuedHour + leadHours);
      else known.set(issuedHour + leadHours, [temperatureC, dewPointC ?? Number.NaN]);
    }
    known.delete(hour - guidanceForHours);
    if (next === 0 || rows[next - 1]!.issuedHour < hour - guidanceForHours) continue;
    const at = (hour - firstHour) * columnCount;
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const [temperatureC, dewPointC] = known.get(hour + lead) ?? between(known, hour + lead);
      result[at + columnOf(0, lead)] = temperatureC;
      result[at + columnOf(1, lead)] = dewPointC;
    }
  }
  return result;
}

const missing = [Number.NaN, Number.NaN] as const;

/** The values of an hour between two that are three hours apart, by a cubic; NaN without them. */
function between(known: ReadonlyMap<number, readonly [number, number]>, hour: number): readonly [number, number] {
  let before = hour - 1;
  // Where hourly values end, the hour before may be known without one three hours later.
  if (!known.has(before) || !known.has(before + stepHours)) before--;
  const [from, to] = [known.get(before), known.get(before + stepHours)];
  if (!from || !to) return missing;
  const share = (hour - before) / stepHours;
  const [earlier, later] = [known.get(before - stepHours), known.get(before + 2 * stepHours)];
  return [0, 1].map((v) => cubic([earlier?.[v], from[v]!, to[v]!, later?.[v]], share)) as [number, number];
}

/** Catmull-Rom's cubic between the second and the third of four values; where an outer one is missing, it is straight there. */
function cubic([a, b, c, d]: readonly [number | undefined, number, number, number | undefined], share: number): number {
  const slope = c - b;
  const isKnown = (value: number | undefined): value is number => value !== undefined && !Number.isNaN(value);
  const startSlope = isKnown(a) ? (c - a) / 2 : slope;
  const endSlope = isKnown(d) ? (d - b) / 2 : slope;
  const left = 1 - share;
  return (
    b * left * left * (1 + 2 * share) +
    c * share * share * (1 + 2 * left) +
    startSlope * share * left * left -
    endSlope * share * share * left
  );
}
