import * as Plot from "@observablehq/plot";
import { ewmaeRaw, fastRate, slowRate } from "../../model/scores/ewmae.js";
import type { EwmaeSeries, StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { hourMs } from "../../shared/time.js";
import { chartFigure } from "../chart/chartFigure.js";
import { fittedPlot, gridY } from "../chart/fittedPlot.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { dateName, utcHour } from "../ui/timeZone.js";
import { differenceInUnit, formatCount, formatDifference } from "../ui/units.js";
import type { ScoreChartOptions, ScoreOptions } from "./scoresByModel.js";

/** The EWMAE with the slow rate, about a thousand errors, over the whole period. */
export function ewmaeChart(
  data: StationEvaluation,
  { width, unit = "C", variable = "temperature", leadHours = 24 }: ScoreChartOptions,
): HTMLElement {
  const series = data.ewmae.find((row) => row.variable === variable && row.leadHours === leadHours);
  const points = series ? ewmaePoints(series) : [];
  if (points.length === 0) return html`<p class="empty">Nothing scored yet.</p>`;
  const channels = {
    x: "time",
    y: ({ validationSlow }: (typeof points)[number]) => differenceInUnit(validationSlow, unit),
  };
  const colour = "var(--forecast)";
  const chart = fittedPlot({
    width,
    height: Math.max(240, Math.min(320, width * 0.36)),
    marginLeft: 34,
    marginBottom: 34,
    x: { type: "utc", label: null },
    y: { label: null, zero: true, nice: true },
    marks: [
      gridY,
      Plot.axisY({ tickSize: 0 }),
      Plot.axisX({ ticks: width < 600 ? 4 : 8 }),
      Plot.lineY(points, { ...channels, stroke: colour, strokeWidth: 2 }),
      Plot.dot(points.slice(-1), { ...channels, fill: colour, r: 3 }),
    ],
  });
  const last = points.at(-1)!;
  const newest = `${formatDifference(last.validationSlow, unit, 2)} on ${dateName(last.time, "UTC")}, after ${formatCount(last.n)} errors`;
  return chartFigure(chart, {
    label: `EWMAE ${leadHours} hours ahead, ε = ${slowRate}, °${unit}: ${newest}.`,
    caption: `ε = ${slowRate}, ${leadHours} h ahead: ${newest}${spacing(points)}.`,
  });
}

/** The time between points; the last interval may be shorter. */
function spacing([first, second, third]: readonly { time: number }[]): string {
  return first && second && third ? `; one point every ${(second.time - first.time) / hourMs} hours` : "";
}

/** The newest EWMAE of every reported lead. */
export function ewmaeTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: ScoreOptions = {},
): HTMLElement {
  const newest = data.ewmae
    .filter((series) => series.variable === variable)
    .flatMap((series) =>
      ewmaePoints(series)
        .slice(-1)
        .map((point) => ({ leadHours: series.leadHours, ...point })),
    );
  const error = (errorC: number) => formatDifference(errorC, unit, 2);
  return foldedTable(
    newest,
    [
      textColumn("Lead, h", ({ leadHours }) => leadHours),
      numberColumn("n", ({ n }) => formatCount(n)),
      numberColumn("Validation", ({ validation }) => error(validation)),
      numberColumn("corrected", ({ validationCorrected }) => error(validationCorrected)),
      numberColumn("slow", ({ validationSlow }) => error(validationSlow)),
      numberColumn("Training", ({ training }) => error(training)),
      numberColumn("corrected", ({ trainingCorrected }) => error(trainingCorrected)),
      numberColumn("Up to, UTC", ({ time }) => utcHour(time)),
    ],
    { label: `The newest EWMAE of each lead, °${unit},` },
  );
}

/** The EWMAE at one time, °C: raw, which starts at 0 as in the original demo, and corrected for that start. */
export interface EwmaePoint {
  time: number;
  /** Errors averaged so far. */
  n: number;
  validation: number;
  training: number;
  validationCorrected: number;
  trainingCorrected: number;
  validationSlow: number;
}

/** The points of a series, in order of time. */
export function ewmaePoints(series: EwmaeSeries): EwmaePoint[] {
  let n = 0;
  return series.time.map((time, i) => {
    n += series.added[i]!;
    return {
      time,
      n,
      validation: ewmaeRaw(series.validation[i]!, n, fastRate),
      training: ewmaeRaw(series.training[i]!, n, fastRate),
      validationCorrected: series.validation[i]!,
      trainingCorrected: series.training[i]!,
      validationSlow: series.validationSlow[i]!,
    };
  });
}
