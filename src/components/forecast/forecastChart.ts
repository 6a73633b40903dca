import * as Plot from "@observablehq/plot";
import { extent } from "d3";
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
import { clockTime, dayName, shortDay, weekday, yearName, zoneName } from "../ui/timeZone.js";
import { formatTemperature, inUnit, type TemperatureUnit } from "../ui/units.js";
import { scoreSentence } from "./forecastScore.js";
import { forecastSentence } from "./forecastSentence.js";
import { type Extreme, type IssuedForecast, newestForecast, nextExtremes } from "./issuedForecast.js";
import { nightSpans, timeAxis } from "./timeAxis.js";

/** The intervals drawn, widest first: nominal share, lower and upper quantile, colour. */
const bands = [
  { share: "95 %", low: "p025", high: "p975", colour: "var(--band-95)" },
  { share: "80 %", low: "p10", high: "p90", colour: "var(--band-80)" },
  { share: "50 %", low: "p25", high: "p75", colour: "var(--band-50)" },
] as const;

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
    left: 34,
    right: narrow ? 8 : 14,
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
  const observed = data.observed.filter(({ validTime }) => validTime >= from && validTime <= to);
  const hours = forecast?.hours[variable] ?? [];
  const dewPoint = show.includes("dewPoint") && variable === "temperature" ? (forecast?.hours.dewPoint ?? []) : null;
  const baselines = (forecast?.baselines ?? []).filter((row) => row.variable === variable);
  const drawnModels = [
    ...(show.includes("naive") ? naiveBaselines : []),
    ...(show.includes("guidance") ? guidanceSources : []),
  ].filter((model) => baselines.some((row) => row.model === model));
  const shownDraws = show.includes("draws") && variable === "temperature" ? (draws ?? []) : [];
  const hasIntervals = hours.some(({ p10 }) => p10 !== null);
  const y = (celsius: number | null) => (celsius === null ? Number.NaN : inUnit(celsius, unit));
  const axis = timeAxis(from, to, zone, { every: narrow ? 12 : 6, leastHours: narrow ? 14 : 8 });
  const isNewest = now === data.issuedTime;
  const extremes = isNewest && variable === "temperature" ? nextExtremes(hours, data) : nextExtremes(hours);
  const atExtreme = { x: ({ hour }: Extreme) => hour.validTime, y: ({ valueC }: Extreme) => y(valueC) };
  const years = isNewest && pastTime() === null ? [] : yearStarts(from, to, axis.midnights, zone);
  const line = <Row>(
    rows: readonly Row[],
    value: (row: Row) => number | null,
    { colour, dash }: ModelStyle,
    strokeWidth = 1.5,
  ) => {
    const style = { stroke: colour, strokeDasharray: dash, strokeWidth };
    return Plot.lineY(rows, { x: "validTime", y: (row: Row) => y(value(row)), ...style });
  };
  /** All values that can be drawn before or after the forecast, so that the axis stays when the reader moves on. */
  const drawn = [
    ...data.observed.flatMap((row) => [row[variable], ...(dewPoint ? [row.dewPoint] : [])]),
    ...hours.flatMap(({ valueC, p025, p975 }) => [valueC, p025, p975]),
  ];

  const chart = fittedPlot({
    width,
    height,
    marginTop: 30,
    marginRight: right,
    marginBottom: 26,
    marginLeft: left,
    x: { type: "utc", domain: [from, to], label: null },
    y: { label: null, nice: true, inset: 6, ...(isNewest ? {} : { domain: extent(drawn, y) as [number, number] }) },
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
      hasIntervals
        ? bands.map(({ low, high, colour }) =>
            Plot.areaY(hours, { x: "validTime", y1: (row) => y(row[low]), y2: (row) => y(row[high]), fill: colour }),
          )
        : null,
      drawMarks(shownDraws, now, y),
      Plot.ruleX([now], { stroke: "var(--ink-soft)", strokeDasharray: "2 3" }),
      drawnModels.map((model) =>
        line(
          baselines
            .filter((row) => row.model === model)
            .flatMap(({ valueC }) => valueC.map((value, i) => ({ validTime: now + (i + 1) * hourMs, value }))),
          ({ value }) => value,
          modelStyle(model),
          guidanceSources.some((source) => source === model) ? 1.75 : 1.5,
        ),
      ),
      dewPoint
        ? [
            line(observed, (row) => row.dewPoint, dewPointStyle),
            line(dewPoint, ({ valueC }) => valueC, dewPointForecastStyle),
          ]
        : null,
      line(observed, (row) => row[variable], observedStyle),
      Plot.dot(observed, {
        x: "validTime",
        y: (row) => y(row[variable]),
        fill: observedStyle.colour,
        r: narrow ? 1 : 1.6,
      }),
      line(hours, ({ valueC }) => valueC, forecastStyle, 2.25),
      Plot.ruleX(
        extremes.filter(({ window }) => window !== null),
        {
          x: ({ hour }) => hour.validTime,
          y1: ({ window }) => y(window!.p10),
          y2: ({ window }) => y(window!.p90),
          stroke: forecastStyle.colour,
          strokeWidth: 1.5,
        },
      ),
      Plot.dot(extremes, { ...atExtreme, fill: forecastStyle.colour, stroke: "var(--panel)", r: 4 }),
      extremes.map((extreme) =>
        Plot.text([extreme], {
          ...atExtreme,
          text: ({ valueC }) => `${formatTemperature(valueC, unit, 0)}°`,
          // Beside the range, which would cross the number above or below it.
          ...(extreme.window ? { dx: 8, textAnchor: "start" } : { dy: extreme.kind === "low" ? 15 : -15 }),
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
    isNewest || !forecast
      ? forecastSentence(data, { unit, zone, variable, isPast: pastTime() !== null })
      : scoreSentence(data, forecast, { unit, zone, variable });
  const drawnGuidance = guidanceSources.filter((source) => drawnModels.some((model) => model === source));
  return chartFigure(chart, {
    label: `${placeName(station.name)}. ${plainText(sentence)}${guidanceLabel(hours, baselines, drawnGuidance, unit)}`,
    key: [
      observedStyle,
      forecastStyle,
      ...(hasIntervals ? bands.map(({ share, colour }) => ({ label: `${share} interval`, colour })).reverse() : []),
      ...(dewPoint ? [dewPointStyle, dewPointForecastStyle] : []),
      ...drawnModels.map(modelStyle),
      ...(shownDraws.length > 0 ? [drawStyle] : []),
    ],
    caption: `Times are ${zoneName(now, zone)}. Nights are shaded. The dashed line marks when the forecast was issued.${guidanceCaption(isNewest ? data.guidance : [], drawnGuidance)}`,
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

/** The year at the start of a chart, and each that begins in it. */
function yearStarts(from: number, to: number, midnights: readonly number[], zone: string) {
  const starts = [from, ...midnights].filter((time) => time >= from && time < to);
  const named = starts.map((time) => ({ time, year: yearName(time, zone) }));
  return named.filter(({ year }, i) => i === 0 || year !== named[i - 1]!.year);
}
