import * as Plot from "@observablehq/plot";
import { extent, scaleLinear } from "d3";
import type { ForecastHour } from "../../shared/published/stationForecast.js";
import { dayName, shortDay, weekday, yearName } from "../ui/timeZone.js";
import { formatTemperature, inUnit, type TemperatureUnit } from "../ui/units.js";
import type { Extreme } from "./issuedForecast.js";

/** The intervals drawn, widest first: nominal share, lower and upper quantile, colour. */
const bands = [
  { share: "95 %", low: "p025", high: "p975", colour: "var(--band-95)" },
  { share: "80 %", low: "p10", high: "p90", colour: "var(--band-80)" },
  { share: "50 %", low: "p25", high: "p75", colour: "var(--band-50)" },
] as const;

/** Text on a chart that lines and bands may cross. */
export const haloed = { stroke: "var(--panel)", strokeWidth: 3 } as const;

/** Pixels of a chart above and below its frame, and between the frame and the values. */
export const chartInset = { top: 30, bottom: 26, values: 6 } as const;

/** What the places of labels depend on. */
interface ChartScales {
  unit: TemperatureUnit;
  /** Of the temperature axis, in that unit. */
  domain: [low: number, high: number];
  /** Of the chart, pixels. */
  height: number;
  pixelsPerHour: number;
}

/** Pixels between the ends of the temperature axis. */
function plotHeight(height: number): number {
  return height - chartInset.top - chartInset.bottom - 2 * chartInset.values;
}

/**
 * The domain of the temperature axis, in the reader's unit: round numbers around all values, and freezing where they come
 * near it. Undefined without a value.
 */
export function temperatureDomain(
  valuesC: Iterable<number | null>,
  unit: TemperatureUnit,
): [low: number, high: number] | undefined {
  const [low, high] = extent(valuesC, (value) => value ?? Number.NaN);
  if (low === undefined || high === undefined) return undefined;
  const nearFreezingC = 1;
  const isNear = low - nearFreezingC < 0 && high + nearFreezingC > 0;
  const [from, to] = isNear ? [Math.min(low, 0), Math.max(high, 0)] : [low, high];
  const margin = from === to ? 1 : 0;
  return scaleLinear([inUnit(from - margin, unit), inUnit(to + margin, unit)], [0, 1])
    .nice()
    .domain() as [number, number];
}

/** The intervals as areas, and their shares to the right of the last hour, each at its own band. */
export function bandMarks(hours: readonly ForecastHour[], { unit, domain, height }: ChartScales): Plot.Markish[] {
  const y = (celsius: number | null) => (celsius === null ? Number.NaN : inUnit(celsius, unit));
  const areas = bands.map(({ low, high, colour }) =>
    Plot.areaY(hours, { x: "validTime", y1: (row) => y(row[low]), y2: (row) => y(row[high]), fill: colour }),
  );
  const last = hours.at(-1)!;
  const leastGap = (12 / plotHeight(height)) * (domain[1] - domain[0]);
  let [inner, below] = [last.valueC as number | null, Number.NEGATIVE_INFINITY];
  const labels = [...bands].reverse().map(({ share, high }) => {
    below = Math.max((y(inner) + y(last[high])) / 2, below + leastGap);
    inner = last[high];
    return { share, at: below };
  });
  return [
    areas,
    Plot.text(labels, {
      x: last.validTime,
      y: "at",
      text: "share",
      textAnchor: "start",
      dx: 5,
      fontSize: 11,
      fill: "var(--ink-soft)",
    }),
  ];
}

/**
 * A line at freezing, with its name before the first stretch of the observations that crosses none of them; nothing where the
 * axis does not reach it.
 * @param observed the line that the name must not cross, °C
 */
export function freezingMarks(
  observed: readonly { validTime: number; valueC: number | null }[],
  { unit, domain, height, pixelsPerHour }: ChartScales,
): Plot.Markish[] {
  const freezing = inUnit(0, unit);
  if (freezing < domain[0] || freezing > domain[1]) return [];
  const high = (18 / plotHeight(height)) * (domain[1] - domain[0]);
  const isRoomy = pixelsPerHour > 4;
  const name = isRoomy ? `freezing, ${freezing} °${unit}` : "freezing";
  const hours = Math.ceil((name.length * 6 + 6) / pixelsPerHour);
  const values = observed.map(({ valueC }) => (valueC === null ? Number.NaN : inUnit(valueC, unit) - freezing));
  const isFree = (start: number, side: 1 | -1) =>
    values.slice(start, start + hours).every((value) => !(value * side > -high / 4 && value * side < high));
  const places = values.slice(0, Math.max(0, values.length - hours)).flatMap((_, start) => [
    { start, side: 1 as const },
    { start, side: -1 as const },
  ]);
  const { start, side } = places.find((place) => isFree(place.start, place.side)) ?? { start: 0, side: 1 };
  return [
    Plot.ruleY([freezing], { stroke: "var(--ink-soft)", strokeDasharray: "8 3" }),
    Plot.text(observed.slice(start, start + 1), {
      x: "validTime",
      y: () => freezing,
      text: () => name,
      textAnchor: "start",
      dx: 4,
      dy: -7 * side,
      fontSize: 11,
      fill: "var(--ink-soft)",
      ...haloed,
    }),
  ];
}

/** The next low and high at their medians, each with its 80 % range and number. */
export function extremeMarks(
  extremes: readonly Extreme[],
  { unit, pixelsPerHour }: Pick<ChartScales, "unit" | "pixelsPerHour">,
): Plot.Markish[] {
  const colour = "var(--forecast)";
  const at = { x: ({ hour }: Extreme) => hour.validTime, y: ({ valueC }: Extreme) => inUnit(valueC, unit) };
  const range = (stroke: string, strokeWidth: number) =>
    Plot.ruleX(
      extremes.filter(({ window }) => window !== null),
      {
        x: at.x,
        y1: ({ window }) => inUnit(window!.p10, unit),
        y2: ({ window }) => inUnit(window!.p90, unit),
        stroke,
        strokeWidth,
      },
    );
  return [
    range("var(--panel)", 5),
    range(colour, 2),
    Plot.dot(extremes, { ...at, fill: colour, stroke: "var(--panel)", strokeWidth: 1.5, r: 4.5 }),
    extremes.map((extreme, i) => {
      const outward = extreme.kind === "low" ? 1 : -1;
      const next = extremes[i + 1];
      const isTight = next && (next.hour.leadHours - extreme.hour.leadHours) * pixelsPerHour < 50;
      // A number above or below the marker would be crossed by its range, so it stands to the right or left.
      const toTheSide = isTight ? { dx: -8, textAnchor: "end" as const } : { dx: 8, textAnchor: "start" as const };
      const place = extreme.window ? { ...toTheSide, dy: 8 * outward } : { dy: 15 * outward };
      return Plot.text([extreme], {
        ...at,
        ...place,
        text: ({ valueC }) => `${formatTemperature(valueC, unit, 0)}°`,
        fontWeight: "bold",
        fontSize: 13,
        fill: "var(--ink)",
        ...haloed,
      });
    }),
  ];
}

/**
 * The names of days above a chart.
 * @param middles of the days that are named
 * @param firstYear the year to put before them; each new year is named too
 */
export function dayLabels(
  middles: readonly number[],
  { zone, narrow, firstYear }: { zone: string; narrow: boolean; firstYear: string | null },
): Plot.Markish[] {
  let year = firstYear;
  const names = middles.map((time) => {
    const isNewYear = year !== null && yearName(time, zone) !== year;
    if (isNewYear) year = yearName(time, zone);
    const name = narrow ? (isNewYear ? shortDay : weekday)(time, zone) : dayName(time, zone);
    return { time, name: isNewYear ? `${name} ${year}` : name };
  });
  const style = { frameAnchor: "top", dy: -20, fill: "var(--ink-soft)" } as const;
  return [
    firstYear === null
      ? null
      : Plot.text([firstYear], { ...style, frameAnchor: "top-left", textAnchor: "end", dx: -5 }),
    Plot.text(names, { ...style, x: "time", text: "name" }),
  ];
}
