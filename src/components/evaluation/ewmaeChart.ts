import * as Plot from "@observablehq/plot";
import { ewmaeRaw, fastRate } from "../../model/scores/ewmae.js";
import type { Variable } from "../../model/vocabulary.js";
import type { EwmaePoint } from "../../shared/published/stationEvaluation.js";
import { chartFigure, fittedPlot, gridY } from "../chart/chartFigure.js";
import { placeOf, readablePoints } from "../chart/readablePoints.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { selectInput, type ValueElement } from "../ui/inputs.js";
import { monthName, shortDay, utcHour } from "../ui/timeZone.js";
import { differenceInUnit, formatCount, formatDifference } from "../ui/units.js";
import type { ScoreChartOptions, ScoreOptions } from "./scoresByModel.js";

/**
 * The newest EWMAE of every reported lead. The raw EWMAE starts at 0, as in the original demo; the corrected one
 * compensates for that.
 */
export function ewmaeTable(
  history: readonly EwmaePoint[],
  { unit = "C", variable = "temperature" }: ScoreOptions = {},
): HTMLElement {
  const own = history.filter((row) => row.variable === variable);
  const newest = [...new Map(own.map((row) => [row.leadHours, row])).values()];
  const error = (errorC: number) => formatDifference(errorC, unit, 2);
  return foldedTable(`The newest EWMAE of each lead, °${unit},`, newest, [
    textColumn("Lead, h", ({ leadHours }) => leadHours),
    numberColumn("n", ({ n }) => formatCount(n)),
    numberColumn("Validation", (row) => error(ewmaeRaw(row.validationCorrected, row.n, fastRate))),
    numberColumn("corrected", ({ validationCorrected }) => error(validationCorrected)),
    numberColumn("Training", (row) => error(ewmaeRaw(row.trainingCorrected, row.n, fastRate))),
    numberColumn("corrected", ({ trainingCorrected }) => error(trainingCorrected)),
    numberColumn("Up to, UTC", ({ time }) => utcHour(time.getTime())),
  ]);
}

/** A row of `/api/<key>/ewmae.parquet`, as hyparquet reads it. */
export interface EwmaeHour {
  variable: Variable;
  leadHours: number;
  time: Date;
  validationCorrected: number;
  trainingCorrected: number;
}

const hoursOfWeek = 168;
const lines = [
  { name: "validationCorrected", label: "validation", colour: "var(--forecast)", dash: "none" },
  { name: "trainingCorrected", label: "training", colour: "var(--persistence)", dash: "5 3" },
] as const;

/** Input of a month that has hours, such as "2026-03"; initially the newest with at least a week of hours. */
export function ewmaeMonthInput(hours: readonly EwmaeHour[]): ValueElement<string> {
  const months = [...new Set(hours.map(({ time }) => monthOf(time)))].sort().reverse();
  const first = hours[0];
  const series = hours.filter((hour) => hour.variable === first?.variable && hour.leadHours === first.leadHours);
  const whole = months.find((month) => series.filter(({ time }) => monthOf(time) === month).length >= hoursOfWeek);
  return selectInput(
    "Month",
    months.map((month) => [month, monthName(Date.parse(month))]),
    whole ?? months[0],
  );
}

/** The EWMAE with the fast rate, about ten errors, at every hour of a month: before and after each update. */
export function ewmaeMonthChart(
  hours: readonly EwmaeHour[],
  { width, unit = "C", variable = "temperature", leadHours = 24, month }: ScoreChartOptions & { month: string },
): HTMLElement {
  const points = select(hours, { variable, leadHours, month });
  const last = points.at(-1);
  if (!last) return html`<p class="empty">Nothing scored yet.</p>`;
  const day = (n: number) => new Date(Date.UTC(last.time.getUTCFullYear(), last.time.getUTCMonth(), n));
  const lastDay = new Date(Date.UTC(last.time.getUTCFullYear(), last.time.getUTCMonth() + 1, 0)).getUTCDate();
  const labelled = (width < 600 ? [1, 11, 21] : [1, 6, 11, 16, 21, 26]).map(day);
  const chart = fittedPlot({
    width,
    height: Math.max(240, Math.min(320, width * 0.36)),
    marginLeft: 34,
    x: { type: "utc", label: null, domain: [day(1), day(lastDay + 1)] },
    y: { label: null, zero: true, nice: true },
    marks: [
      gridY,
      Plot.axisY({ tickSize: 0 }),
      Plot.axisX(labelled, { tickFormat: (time: Date) => shortDay(time.getTime(), "UTC") }),
      [...lines].reverse().map(({ name, colour, dash }) => {
        const channels = { x: "time", y: (point: EwmaeHour) => differenceInUnit(point[name], unit) };
        return [
          Plot.lineY(points, { ...channels, stroke: colour, strokeDasharray: dash, strokeWidth: 1.5 }),
          Plot.dot([last], { ...channels, fill: colour, r: 3 }),
        ];
      }),
    ],
  });
  const error = (errorC: number) => formatDifference(errorC, unit, 2);
  const newest = `validation ${error(last.validationCorrected)}, training ${error(last.trainingCorrected)}`;
  const highest = points.reduce((top, point) => (point.validationCorrected > top.validationCorrected ? point : top));
  const peak = `highest ${error(highest.validationCorrected)} at ${hourName(highest.time)}`;
  const figure = chartFigure(chart, {
    code: import.meta.url,
    label: `EWMAE ${leadHours} hours ahead at every hour of ${monthName(day(1).getTime())}, ε = ${fastRate}, °${unit}. At ${hourName(last.time)}: ${newest}; ${peak}.`,
    key: lines.map(({ label, colour, dash }) => ({ label: `${label}, ε = ${fastRate}`, colour, dash })),
    caption: `${leadHours} h ahead, at ${hourName(last.time)}: ${newest}; ${peak}.`,
  });
  return readablePoints(
    figure,
    points.map((point) => ({
      x: placeOf(chart, "x", point.time),
      title: hourName(point.time),
      values: lines.map(({ name, label, colour }) => ({ label, colour, text: `${error(point[name])} °${unit}` })),
    })),
  );
}

/** The chart's values at the last hour of each day. */
export function ewmaeMonthTable(
  hours: readonly EwmaeHour[],
  { unit = "C", variable = "temperature", leadHours = 24, month }: ScoreOptions & { month: string },
): HTMLElement {
  const points = select(hours, { variable, leadHours, month });
  const ends = points.filter(({ time }, i) => points[i + 1]?.time.getUTCDate() !== time.getUTCDate());
  return foldedTable(`EWMAE at the end of each day, ε = ${fastRate}, °${unit},`, ends, [
    textColumn("Up to", ({ time }) => hourName(time)),
    ...lines.map(({ name, label }) =>
      numberColumn(`${label[0]!.toUpperCase()}${label.slice(1)}`, (point: EwmaeHour) =>
        formatDifference(point[name], unit, 2),
      ),
    ),
  ]);
}

function select(
  hours: readonly EwmaeHour[],
  { variable, leadHours, month }: ScoreOptions & { month: string },
): EwmaeHour[] {
  return hours.filter(
    (hour) => hour.variable === variable && hour.leadHours === leadHours && monthOf(hour.time) === month,
  );
}

function monthOf(time: Date): string {
  return time.toISOString().slice(0, 7);
}

/** "9 Mar 2026 18:00 UTC" */
function hourName(time: Date): string {
  return `${utcHour(time.getTime())} UTC`;
}
