import * as Plot from "@observablehq/plot";
import { naiveBaselines, type Variable } from "../../model/vocabulary.js";
import type { ForecastHour, ObservedHour, StationForecast } from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import { chartFigure, type KeyEntry } from "../chart/chartFigure.js";
import { fittedPlot, gridY } from "../chart/fittedPlot.js";
import { dewPointForecastStyle, dewPointStyle, modelStyle, officialStyle } from "../chart/modelStyle.js";
import { pastTime } from "../ui/clock.js";
import { placeName } from "../ui/station.js";
import { clockTime, dayName, weekday, yearName, zoneName } from "../ui/timeZone.js";
import { formatTemperature, inUnit, type TemperatureUnit } from "../ui/units.js";
import { scoreSentence } from "./forecastScore.js";
import { forecastSentence } from "./forecastSentence.js";
import { type IssuedForecast, newestForecast, nextExtremes } from "./issuedForecast.js";
import { nightSpans, timeAxis } from "./timeAxis.js";

/** The intervals drawn, widest first: nominal share, lower and upper quantile, colour. */
const bands = [
  { share: "95 %", low: "p025", high: "p975", colour: "var(--band-95)" },
  { share: "80 %", low: "p10", high: "p90", colour: "var(--band-80)" },
  { share: "50 %", low: "p25", high: "p75", colour: "var(--band-50)" },
] as const;

/** What the chart can add to the forecast: the dew point, the baselines, the weather service's forecast. */
export const overlays = ["dewPoint", "naive", "official"] as const;
export type Overlay = (typeof overlays)[number];

export interface ForecastChartOptions {
  /** Pixels. */
  width: number;
  unit?: TemperatureUnit;
  /** IANA zone of the hours and days on the axis. */
  zone?: string;
  variable?: Variable;
  /** The forecast to draw; defaults to the newest. */
  issue?: IssuedForecast | null;
  show?: readonly Overlay[];
}

/** The time span and the size of the chart in pixels; a phone shows fewer days. */
export function forecastFrame(issuedTime: number, width: number) {
  const narrow = width < 600;
  return {
    narrow,
    from: issuedTime - (narrow ? 36 : 72) * hourMs,
    to: issuedTime + 72 * hourMs,
    left: 34,
    right: narrow ? 8 : 14,
    height: narrow ? 300 : 400,
  };
}

/** The observations before and after a forecast, and the forecast with its intervals. */
export function forecastChart(
  data: StationForecast,
  {
    width,
    unit = "C",
    zone = data.station.timeZone,
    variable = "temperature",
    issue = newestForecast(data),
    show = ["official"],
  }: ForecastChartOptions,
): HTMLElement {
  const { station } = data;
  const now = issue?.issuedTime ?? data.asOf;
  const { narrow, from, to, left, right, height } = forecastFrame(now, width);
  const observed = data.observed.filter(({ validTime }) => validTime >= from && validTime <= to);
  const forecast = issue?.forecast[variable] ?? [];
  const dewPoint = show.includes("dewPoint") && variable === "temperature" ? (issue?.forecast.dewPoint ?? []) : null;
  const naive = (show.includes("naive") ? (issue?.baselines ?? []) : []).filter((row) => row.variable === variable);
  const naiveShown = naiveBaselines.filter((model) => naive.some((row) => row.model === model));
  const official = show.includes("official") ? (issue?.official?.hours ?? []) : [];
  const known = forecast.some(({ p10 }) => p10 !== null);
  const y = (celsius: number | null) => (celsius === null ? Number.NaN : inUnit(celsius, unit));
  const axis = timeAxis(from, to, zone, { every: narrow ? 12 : 6, leastHours: narrow ? 14 : 8 });
  const extremes = nextExtremes(forecast);
  const drawn = (row: ObservedHour) => [row[variable], ...(dewPoint ? [row.dewPoint] : [])];
  const isNewest = now === data.issuedTime;
  const years = isNewest && pastTime() === null ? [] : yearStarts(from, to, axis.midnights, zone);

  const chart = fittedPlot({
    width,
    height,
    marginTop: 30,
    marginRight: right,
    marginBottom: 26,
    marginLeft: left,
    x: { type: "utc", domain: [from, to], label: null },
    y: {
      label: null,
      nice: true,
      inset: 6,
      // Looking back, the axis stays as it is from issue to issue.
      ...(isNewest ? {} : { domain: extent([...data.observed.flatMap(drawn), ...edges(forecast)].map(y)) }),
    },
    marks: [
      Plot.rect(nightSpans(from, to, station.latitude, station.longitude), {
        x1: (span) => span[0],
        x2: (span) => span[1],
        fill: "var(--chart-night)",
      }),
      gridY,
      Plot.axisY({
        tickSize: 0,
        tickFormat: (value: number) => String(value).replace("-", "−"),
        ticks: narrow ? 5 : 8,
      }),
      Plot.ruleX(axis.hours, { stroke: "var(--chart-grid)" }),
      Plot.ruleX(axis.midnights, { stroke: "var(--chart-day)" }),
      Plot.axisX(axis.hours, {
        tickSize: 4,
        tickFormat: (time: Date) => clockTime(time.getTime(), zone).slice(0, 2),
      }),
      Plot.text(axis.dayMiddles, {
        x: (time) => time,
        frameAnchor: "top",
        dy: -20,
        text: (time) => (narrow ? weekday(time, zone) : dayName(time, zone)),
        fill: "var(--ink-soft)",
      }),
      Plot.text(years, {
        x: ({ time }) => time,
        frameAnchor: "top",
        textAnchor: "start",
        dx: 4,
        dy: 4,
        fontWeight: "bold",
        text: "year",
        fill: "var(--ink-soft)",
      }),
      known
        ? bands.map(({ low, high, colour }) =>
            Plot.areaY(forecast, { x: "validTime", y1: (row) => y(row[low]), y2: (row) => y(row[high]), fill: colour }),
          )
        : null,
      Plot.ruleX([now], { stroke: "var(--ink-soft)", strokeDasharray: "2 3" }),
      naiveShown.map((model) =>
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
      Plot.lineY(official, {
        x: "validTime",
        y: (row) => y(row[variable]),
        stroke: officialStyle.colour,
        strokeDasharray: officialStyle.dash,
        strokeWidth: 1.75,
      }),
      dewPoint
        ? [
            Plot.lineY(observed, { x: "validTime", y: (row) => y(row.dewPoint), stroke: dewPointStyle.colour }),
            Plot.lineY(dewPoint, {
              x: "validTime",
              y: (row) => y(row.valueC),
              stroke: dewPointForecastStyle.colour,
              strokeDasharray: dewPointForecastStyle.dash,
            }),
          ]
        : null,
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
    ],
  });
  const sentence =
    isNewest || !issue
      ? forecastSentence(data, { unit, zone, variable, isPast: pastTime() !== null })
      : scoreSentence(data, issue, { unit, zone, variable });
  return chartFigure(chart, {
    label: `${placeName(station.name)}. ${words(sentence)}`,
    key: [
      { label: "observed", colour: "var(--observed)", dash: "none" },
      { label: "forecast", colour: "var(--forecast)", dash: "none" },
      ...(known ? bands.map(({ share, colour }) => ({ label: `${share} interval`, colour })).reverse() : []),
      ...(official.length > 0 ? [officialStyle] : []),
      ...(dewPoint ? [dewPointStyle, dewPointForecastStyle] : []),
      ...naiveShown.map((model): KeyEntry => modelStyle(model)),
    ],
    caption: `Times are ${zoneName(now, zone)}. Nights are shaded. The dashed line marks when the forecast was issued.`,
  });
}

/** The year at the beginning of a chart, and each that begins in it. */
function yearStarts(
  from: number,
  to: number,
  midnights: readonly number[],
  zone: string,
): { time: number; year: string }[] {
  const starts = [from, ...midnights].filter((time) => time >= from && time < to);
  const named = starts.map((time) => ({ time, year: yearName(time, zone) }));
  return named.filter(({ year }, i) => i === 0 || year !== named[i - 1]!.year);
}

/** The outermost values drawn of a forecast. */
function edges(forecast: readonly ForecastHour[]): (number | null)[] {
  return forecast.flatMap(({ valueC, p025, p975 }) => [valueC, p025, p975]);
}

function extent(values: readonly number[]): [number, number] {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return [Math.min(...numbers), Math.max(...numbers)];
}

function words(element: HTMLElement): string {
  return (element.textContent ?? "").replace(/\s+/g, " ").trim();
}
