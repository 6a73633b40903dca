import * as Plot from "@observablehq/plot";
import { type GuidanceSource, guidanceSources, naiveBaselines, type Variable } from "../../model/vocabulary.js";
import type {
  BaselineForecast,
  ForecastHour,
  StationForecast,
  StationGuidance,
} from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import { chartFigure, fittedPlot, gridY } from "../chart/chartFigure.js";
import { dewPointForecastStyle, dewPointStyle, type ModelStyle, modelStyle } from "../chart/modelStyle.js";
import { pastTime } from "../ui/clock.js";
import { plainText } from "../ui/html.js";
import { placeName } from "../ui/station.js";
import { clockTime, shortDay, yearName, zoneName } from "../ui/timeZone.js";
import { formatTemperature, inUnit, type TemperatureUnit } from "../ui/units.js";
import {
  bandMarks,
  chartInset,
  dayLabels,
  extremeMarks,
  freezingMarks,
  haloed,
  temperatureDomain,
} from "./forecastMarks.js";
import { scoreSentence } from "./forecastScore.js";
import { forecastSentence } from "./forecastSentence.js";
import { type IssuedForecast, newestForecast, nextExtremes } from "./issuedForecast.js";
import { nightSpans, timeAxis } from "./timeAxis.js";

const observedStyle: ModelStyle = { label: "observed", colour: "var(--observed)", dash: "none" };
const drawStyle: ModelStyle = { label: "possible courses", colour: "var(--ink-soft)", dash: "none" };
const forecastStyle: ModelStyle = { label: "forecast", colour: "var(--forecast)", dash: "none" };

/** Lines that the reader can add: the dew point, the baselines, guidance and some joint draws. */
export const overlays = ["dewPoint", "naive", "guidance", "draws"] as const;
type Overlay = (typeof overlays)[number];

export interface ForecastChartOptions {
  /** Pixels. */
  width: number;
  unit?: TemperatureUnit;
  /** IANA name of the time zone of the axis. */
  zone?: string;
  variable?: Variable;
  /** Defaults to the newest forecast. */
  forecast?: IssuedForecast | null;
  show?: readonly Overlay[];
  /** Joint draws of the temperature forecast, by lead from 1 hour, °C; null without any. */
  draws?: Float32Array[] | null;
}

/** The time span and the size of the chart in pixels; a phone shows fewer days. */
export function forecastFrame(issuedTime: number, width: number) {
  const narrow = width < 600;
  return {
    narrow,
    from: issuedTime - (narrow ? 36 : 72) * hourMs,
    to: issuedTime + 72 * hourMs,
    left: 36,
    right: 38,
    height: narrow ? 300 : 400,
  };
}

/** A forecast with its intervals, and the observations before and after it. */
export function forecastChart(
  data: StationForecast,
  {
    width,
    unit = "C",
    zone = data.station.timeZone,
    variable = "temperature",
    forecast = newestForecast(data),
    show = ["guidance"],
    draws = null,
  }: ForecastChartOptions,
): HTMLElement {
  const { station } = data;
  const now = forecast?.issuedTime ?? data.asOf;
  const { narrow, from, to, left, right, height } = forecastFrame(now, width);
  const isNewest = now === data.issuedTime;
  const observed = data.observed.filter(({ validTime }) => validTime >= from && validTime <= to);
  const hours = forecast?.hours[variable] ?? [];
  const dewPoint = show.includes("dewPoint") && variable === "temperature" ? (forecast?.hours.dewPoint ?? []) : null;
  const firstYear = isNewest && pastTime() === null ? null : yearName(from, zone);
  const baselines = (forecast?.baselines ?? []).filter((row) => row.variable === variable);
  const drawnModels = [
    ...(show.includes("naive") ? naiveBaselines : []),
    ...(show.includes("guidance") ? guidanceSources : []),
  ].filter((model) => baselines.some((row) => row.model === model));
  const shownDraws = show.includes("draws") && variable === "temperature" ? (draws ?? []) : [];
  const hasIntervals = hours.some(({ p10 }) => p10 !== null);
  const y = (celsius: number | null) => (celsius === null ? Number.NaN : inUnit(celsius, unit));
  const axis = timeAxis(from, to, zone, { every: narrow ? 12 : 6, leastHours: narrow ? 16 : 12 });
  const extremes = isNewest && variable === "temperature" ? nextExtremes(hours, data) : nextExtremes(hours);
  const drawnBaselines = drawnModels.map((model) => ({
    model,
    rows: baselines
      .filter((row) => row.model === model)
      .flatMap(({ valueC }) => valueC.map((value, i) => ({ validTime: now + (i + 1) * hourMs, value }))),
  }));
  /** A line with an edge that keeps it apart from the bands and lines that it crosses. */
  const line = <Row>(
    rows: readonly Row[],
    value: (row: Row) => number | null,
    { colour, dash }: ModelStyle,
    strokeWidth = 1.5,
  ) => {
    const at = { x: "validTime", y: (row: Row) => y(value(row)) };
    return [
      Plot.lineY(rows, { ...at, stroke: "var(--panel)", strokeWidth: strokeWidth + 2 }),
      Plot.lineY(rows, { ...at, stroke: colour, strokeDasharray: dash, strokeWidth }),
    ];
  };
  // With an older forecast, all that can be drawn before or after one: the axis stays when the reader moves on.
  const domain = temperatureDomain(
    [
      ...(isNewest ? observed : data.observed).flatMap((row) => [row[variable], ...(dewPoint ? [row.dewPoint] : [])]),
      ...[...hours, ...(dewPoint ?? [])].flatMap(({ valueC, p025, p975 }) => [valueC, p025, p975]),
      ...drawnBaselines.flatMap(({ rows }) => rows.map(({ value }) => value)),
      ...extremes.flatMap(({ window }) => (window ? [window.p10, window.p90] : [])),
    ],
    unit,
  );
  const pixelsPerHour = ((width - left - right) / (to - from)) * hourMs;
  const scales = domain && { unit, domain, height, pixelsPerHour };

  const chart = fittedPlot({
    width,
    height,
    marginTop: chartInset.top,
    marginRight: right,
    marginBottom: chartInset.bottom,
    marginLeft: left,
    x: { type: "utc", domain: [from, to], label: null },
    y: { label: null, inset: chartInset.values, ...(domain ? { domain } : {}) },
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
      Plot.text([`°${unit}`], {
        frameAnchor: "top-left",
        textAnchor: "start",
        dx: 5,
        dy: 5,
        fill: "var(--ink-soft)",
        ...haloed,
      }),
      Plot.ruleX(axis.hours, { stroke: "var(--chart-grid)" }),
      Plot.ruleX(axis.midnights, { stroke: "var(--chart-day)" }),
      Plot.axisX(axis.hours, {
        tickSize: 4,
        tickFormat: (time: Date) => clockTime(time.getTime(), zone).slice(0, 2),
      }),
      dayLabels(axis.dayMiddles, { zone, narrow, firstYear }),
      hasIntervals && scales ? bandMarks(hours, scales) : null,
      scales
        ? freezingMarks(
            observed.map((row) => ({ validTime: row.validTime, valueC: row[variable] })),
            scales,
          )
        : null,
      drawMarks(shownDraws, now, y),
      Plot.ruleX([now], { stroke: "var(--ink-soft)", strokeDasharray: "2 3" }),
      drawnBaselines.map(({ model, rows }) => line(rows, ({ value }) => value, modelStyle(model))),
      dewPoint
        ? [
            line(observed, (row) => row.dewPoint, dewPointStyle),
            line(dewPoint, ({ valueC }) => valueC, dewPointForecastStyle),
          ]
        : null,
      line(hours, ({ valueC }) => valueC, forecastStyle, 2.25),
      line(observed, (row) => row[variable], observedStyle),
      Plot.dot(observed, {
        x: "validTime",
        y: (row) => y(row[variable]),
        fill: observedStyle.colour,
        r: narrow ? 1 : 1.6,
      }),
      extremeMarks(extremes, { unit, pixelsPerHour }),
    ],
  });
  const sentence =
    isNewest || !forecast
      ? forecastSentence(data, { unit, zone, variable, isPast: pastTime() !== null })
      : scoreSentence(data, forecast, { unit, zone, variable });
  const drawnGuidance = guidanceSources.filter((source) => drawnModels.some((model) => model === source));
  return chartFigure(chart, {
    code: import.meta.url,
    label: `${placeName(station.name)}. ${plainText(sentence)}${guidanceLabel(hours, baselines, drawnGuidance, unit)}`,
    key: [
      observedStyle,
      forecastStyle,
      ...(dewPoint ? [dewPointStyle, dewPointForecastStyle] : []),
      ...drawnModels.map(modelStyle),
      ...(shownDraws.length > 0 ? [drawStyle] : []),
    ],
    caption: `Times are ${zoneName(now, zone)}. Nights are shaded. The dotted line marks when the forecast was issued.${hasIntervals ? " The bands are 50, 80 and 95 % intervals." : ""}${guidanceCaption(isNewest ? data.guidance : [], drawnGuidance)}`,
  });
}

/** A thin line for each joint draw. */
function drawMarks(draws: readonly Float32Array[], issuedTime: number, y: (celsius: number) => number) {
  return draws.map((draw) =>
    Plot.lineY(draw, {
      x: (_, i: number) => issuedTime + (i + 1) * hourMs,
      y,
      stroke: drawStyle.colour,
      strokeWidth: 0.75,
      strokeOpacity: 0.8,
    }),
  );
}

/** The forecast and the guidance a day ahead, for screen readers; empty without guidance. */
function guidanceLabel(
  hours: readonly ForecastHour[],
  baselines: readonly BaselineForecast[],
  sources: readonly GuidanceSource[],
  unit: TemperatureUnit,
): string {
  const day = 24;
  const own = hours.find(({ leadHours }) => leadHours === day);
  if (!own || sources.length === 0) return "";
  const values = sources.map((source) => {
    const value = baselines.find(({ model }) => model === source)?.valueC[day - 1] ?? null;
    return `${modelStyle(source).label} ${formatTemperature(value, unit)}`;
  });
  return ` ${day} hours ahead, °${unit}: forecast ${formatTemperature(own.valueC, unit)}, ${values.join(", ")}.`;
}

/** What guidance is, and the run of each source drawn; empty without guidance. */
function guidanceCaption(runs: readonly StationGuidance[], sources: readonly GuidanceSource[]): string {
  if (sources.length === 0) return "";
  const time = (moment: number, since = 0) => {
    const day = shortDay(moment, "UTC");
    return `${day === shortDay(since, "UTC") ? "" : `${day} `}${clockTime(moment, "UTC")}`;
  };
  const parts = runs
    .filter(({ model }) => sources.includes(model))
    .map(({ model, name, runTime, publicTime, imported }) => {
      const source = model === "other" ? name : modelStyle(model).label;
      const made = model === "nws" ? "updated" : "run of";
      return `${source}${imported ? " (imported)" : ""} ${made} ${time(runTime)} UTC, public ${time(publicTime, runTime)}`;
    });
  const list = parts.length === 0 ? "" : `: ${parts.join("; ")}`;
  return ` Guidance is what weather models and services forecast${list}.`;
}
