import * as Plot from "@observablehq/plot";
import type { StationForecast } from "../data/stationForecast.js";
import type { ModelName, Variable } from "../model/vocabulary.js";
import { chartFigure, type KeyEntry } from "./chartFigure.js";
import { forecastSentence } from "./forecastSentence.js";
import { modelStyle } from "./modelStyle.js";
import { nextExtremes } from "./nextExtremes.js";
import { nightSpans } from "./nightSpans.js";
import { placeName } from "./placeName.js";
import { clockTime, dayName, hourOf, localMidnights, weekday, zoneName } from "./timeZone.js";
import { formatTemperature, inUnit, type TemperatureUnit } from "./units.js";

const hour = 3_600_000;

/** The intervals drawn, widest first: nominal share, lower and upper quantile, colour. */
const bands = [
  { share: "95 %", low: "p025", high: "p975", colour: "var(--band-95)" },
  { share: "80 %", low: "p10", high: "p90", colour: "var(--band-80)" },
  { share: "50 %", low: "p25", high: "p75", colour: "var(--band-50)" },
] as const;

export interface ForecastChartOptions {
  /** Pixels. */
  width: number;
  unit?: TemperatureUnit;
  /** IANA zone of the hours and days on the axis. */
  zone?: string;
  variable?: Variable;
  /** Naive forecasts drawn beside the published one. */
  baselines?: readonly ModelName[];
}

/** The past days as observed and the days ahead as forecast, with the intervals where they exist. */
export function forecastChart(
  data: StationForecast,
  {
    width,
    unit = "C",
    zone = data.station.timeZone,
    variable = "temperature",
    baselines = ["persistence", "seasonalNaive"],
  }: ForecastChartOptions,
): HTMLElement {
  const { station, issuedTime } = data;
  const now = issuedTime ?? data.asOf;
  const narrow = width < 600;
  const from = now - (narrow ? 36 : 72) * hour;
  const to = now + 72 * hour;
  const observed = data.observed.filter(({ validTime }) => validTime >= from);
  const forecast = data.forecast[variable];
  const naive = data.baselines.filter((row) => row.variable === variable && baselines.includes(row.model));
  const known = forecast.some(({ p10 }) => p10 !== null);
  const y = (celsius: number | null) => (celsius === null ? Number.NaN : inUnit(celsius, unit));
  const midnights = localMidnights(from - hour, to, zone);
  const hours = dayHours(midnights, from, to, narrow ? 12 : 6, zone);
  const extremes = nextExtremes(forecast);

  const chart = Plot.plot({
    width,
    height: narrow ? 300 : 400,
    marginTop: 30,
    marginRight: narrow ? 8 : 14,
    marginBottom: 26,
    marginLeft: 34,
    x: { type: "utc", domain: [from, to], label: null },
    y: { label: null, nice: true, inset: 6 },
    marks: [
      Plot.rect(nightSpans(from, to, station.latitude, station.longitude), {
        x1: (span) => span[0],
        x2: (span) => span[1],
        fill: "var(--chart-night)",
      }),
      Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
      Plot.axisY({
        tickSize: 0,
        tickFormat: (value: number) => String(value).replace("-", "−"),
        ticks: narrow ? 5 : 8,
      }),
      Plot.ruleX(hours, { stroke: "var(--chart-grid)" }),
      Plot.ruleX(midnights, { stroke: "var(--chart-day)" }),
      Plot.axisX(hours, {
        tickSize: 4,
        tickFormat: (time: Date) => clockTime(time.getTime(), zone).slice(0, 2),
      }),
      Plot.text(dayMiddles(midnights, from, to, narrow ? 14 : 8), {
        x: (time) => time,
        frameAnchor: "top",
        dy: -20,
        text: (time) => (narrow ? weekday(time, zone) : dayName(time, zone)),
        fill: "var(--ink-soft)",
      }),
      known
        ? bands.map(({ low, high, colour }) =>
            Plot.areaY(forecast, { x: "validTime", y1: (row) => y(row[low]), y2: (row) => y(row[high]), fill: colour }),
          )
        : null,
      Plot.ruleX([now], { stroke: "var(--ink-soft)", strokeDasharray: "2 3" }),
      baselines.map((model) =>
        Plot.lineY(
          naive.filter((row) => row.model === model),
          {
            x: "validTime",
            y: (row) => y(row.valueC),
            stroke: modelStyle(model).colour,
            strokeDasharray: modelStyle(model).dash,
            strokeWidth: 1.5,
          },
        ),
      ),
      Plot.lineY(observed, {
        x: "validTime",
        y: (row) => y(row[variable]),
        stroke: "var(--observed)",
        strokeWidth: 1.5,
      }),
      Plot.dot(observed, {
        x: "validTime",
        y: (row) => y(row[variable]),
        fill: "var(--observed)",
        r: narrow ? 1 : 1.6,
      }),
      Plot.lineY(forecast, { x: "validTime", y: (row) => y(row.valueC), stroke: "var(--forecast)", strokeWidth: 2.25 }),

      Plot.dot(extremes, {
        x: ({ hour }) => hour.validTime,
        y: ({ hour }) => y(hour.valueC),
        fill: "var(--forecast)",
        stroke: "var(--panel)",
        r: 4,
      }),
      extremes.map((extreme) =>
        Plot.text([extreme], {
          x: ({ hour }) => hour.validTime,
          y: ({ hour }) => y(hour.valueC),
          text: ({ hour }) => `${formatTemperature(hour.valueC, unit, 0)}°`,
          dy: extreme.kind === "low" ? 15 : -15,
          fontWeight: "bold",
          fontSize: 13,
          fill: "var(--ink)",
          stroke: "var(--panel)",
          strokeWidth: 3,
        }),
      ),
      Plot.frame({ stroke: "var(--chart-frame)" }),
    ],
  });
  return chartFigure(chart, {
    label: `${placeName(station.name)}. ${words(forecastSentence(data, { unit, zone, variable }))}`,
    key: keyOf(
      known,
      baselines.filter((model) => naive.some((row) => row.model === model)),
    ),
    caption: `Hours are ${zoneName(now, zone)}; shaded while the sun is down. The broken rule marks the issue of the forecast.`,
  });
}

function keyOf(known: boolean, baselines: readonly ModelName[]): KeyEntry[] {
  return [
    { label: "observed", colour: "var(--observed)", dash: "none" },
    { label: "forecast", colour: "var(--forecast)", dash: "none" },
    ...(known ? bands.map(({ share, colour }) => ({ label: `${share} interval`, colour })).reverse() : []),
    ...baselines.map((model) => modelStyle(model)),
  ];
}

/** Full local hours that are multiples of `every`, but for the midnights of a day too short to label. */
function dayHours(midnights: readonly number[], from: number, to: number, every: number, zone: string): Date[] {
  const offset = (midnights[0] ?? from) % hour;
  const hours: Date[] = [];
  for (let time = from - (from % hour) + offset; time <= to; time += hour) {
    if (time >= from && hourOf(time, zone) % every === 0) hours.push(new Date(time));
  }
  return hours;
}

/** Middles of the local days in sight, of those that show enough hours for a name. */
function dayMiddles(midnights: readonly number[], from: number, to: number, leastHours: number): number[] {
  const edges = [from, ...midnights, to];
  return edges.slice(1).flatMap((end, i) => (end - edges[i]! >= leastHours * hour ? [(end + edges[i]!) / 2] : []));
}

function words(element: HTMLElement): string {
  return (element.textContent ?? "").replace(/\s+/g, " ").trim();
}
