import * as Plot from "@observablehq/plot";
import { sum } from "d3";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { dayMs, hourMs, standardOffset } from "../../shared/time.js";
import { centred, chartFigure, fittedPlot } from "../chart/chartFigure.js";
import { placeOf, readablePoints } from "../chart/readablePoints.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { formatCount, formatDifference } from "../ui/units.js";
import type { ScoreChartOptions, ScoreOptions } from "./scoresByModel.js";

/** Opacity of the smallest and the largest error; the numbers on top stay legible. */
const opacities = [0.05, 0.6] as const;

/** Errors by month and hour of the day as a heat map, with numbers where there is room. */
export function hourMonthChart(
  data: StationEvaluation,
  { width, unit = "C", variable = "temperature", leadHours = 24 }: ScoreChartOptions,
): HTMLElement {
  const errors = hourMonthErrors(data, { variable, leadHours });
  const cells = errors ? cellsOf(errors) : [];
  if (!errors || cells.length === 0) return html`<p class="empty">Nothing scored yet.</p>`;
  const values = cells.map(({ maeC }) => maeC);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const opacity = (maeC: number) =>
    opacities[0] + (opacities[1] - opacities[0]) * (most > least ? (maeC - least) / (most - least) : 0);
  const months = errors.months.map(monthLabel);
  const chart = fittedPlot({
    width,
    height: 62 + months.length * 22,
    marginLeft: 40,
    marginTop: 6,
    marginBottom: 36,
    x: { type: "band", domain: errors.hours, label: null, padding: 0.04 },
    y: { type: "band", domain: months, label: null, padding: 0.06 },
    marks: [
      Plot.axisX({
        tickSize: 0,
        ticks: errors.hours.filter((_, i) => i % (width < 600 ? 6 : 3) === 0),
        label: `hour of the valid time, ${errors.zone}`,
        ...centred,
      }),
      Plot.axisY({ tickSize: 0 }),
      Plot.cell(cells, {
        x: "hour",
        y: "month",
        fill: "var(--persistence)",
        fillOpacity: ({ maeC }) => opacity(maeC),
      }),
      width < 760
        ? null
        : Plot.text(cells, {
            x: "hour",
            y: "month",
            text: ({ maeC }) => formatDifference(maeC, unit, 1),
            fill: "var(--ink)",
            fontSize: 11,
          }),
    ],
    opacity: { type: "identity" },
  });
  const [best, worst] = [least, most].map((value) => cells.find(({ maeC }) => maeC === value)!);
  const describe = (cell: typeof best) => `${formatDifference(cell!.maeC, unit, 2)} at ${cell!.hour} in ${cell!.month}`;
  const n = sum(errors.n);
  const figure = chartFigure(chart, {
    code: import.meta.url,
    label: `Mean absolute error ${leadHours} hours ahead by month and hour of the day, °${unit}. Smallest ${describe(best)}, largest ${describe(worst)}.`,
    key: [
      { label: `smallest, ${describe(best)}`, colour: "var(--persistence)", opacity: opacities[0] },
      { label: `largest, ${describe(worst)}`, colour: "var(--persistence)", opacity: opacities[1] },
    ],
    caption: `n = ${formatCount(n)} forecasts, ${leadHours} h ahead; the same months of different years are combined. Standard time all year.`,
  });
  return readablePoints(
    figure,
    cells.map(({ month, hour, maeC }) => ({
      x: placeOf(chart, "x", hour),
      y: placeOf(chart, "y", month),
      title: `${month}, ${hour} ${errors.zone}`,
      values: [{ label: "MAE", text: `${formatDifference(maeC, unit, 2)} °${unit}` }],
    })),
    { columns: errors.hours.length },
  );
}

/** The numbers of the heat map. */
export function hourMonthTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature", leadHours = 24 }: ScoreOptions = {},
): HTMLElement {
  const errors = hourMonthErrors(data, { variable, leadHours });
  return foldedTable(
    "Errors by month and hour",
    (errors?.months ?? []).map((month, i) => ({ month, n: errors!.n[i]!, maeC: errors!.maeC[i]! })),
    [
      textColumn("Month", ({ month }) => monthLabel(month)),
      numberColumn("n", ({ n }) => formatCount(n)),
      ...(errors?.hours ?? []).map((hour, i) =>
        numberColumn(hour, ({ maeC }: { maeC: (number | null)[] }) => formatDifference(maeC[i]!, unit, 2)),
      ),
    ],
  );
}

function cellsOf({ months, hours, maeC }: NonNullable<ReturnType<typeof hourMonthErrors>>) {
  return months.flatMap((month, i) =>
    hours.flatMap((hour, j) => {
      const value = maeC[i]![j]!;
      return value === null ? [] : [{ month: monthLabel(month), hour, maeC: value }];
    }),
  );
}

/**
 * Errors of a lead by calendar month (1 to 12) and hour of the valid time in the station's standard time, such as
 * "05:30", °C; null if nothing is scored. `zone` is the offset of the hours, such as "UTC−6".
 */
export function hourMonthErrors(data: StationEvaluation, { variable, leadHours }: ScoreOptions) {
  const found = data.byHour.find((row) => row.variable === variable && row.leadHours === leadHours);
  if (!found || !data.period) return null;
  const offset = standardOffset(data.period.through, data.station.timeZone);
  const hours = Array.from({ length: 24 }, (_, utc) => ({
    utc,
    local: (((utc * hourMs + offset) % dayMs) + dayMs) % dayMs,
  }));
  hours.sort((a, b) => a.local - b.local);
  return {
    months: found.months,
    n: found.n,
    hours: hours.map(({ local }) => clock(local)),
    maeC: found.maeC.map((row) => hours.map(({ utc }) => row[utc] ?? null)),
    zone: `UTC${offset < 0 ? "−" : "+"}${clock(Math.abs(offset)).replace(/^0|:00$/g, "")}`,
  };
}

function clock(time: number): string {
  return new Date(time).toISOString().slice(11, 16);
}

/** "Jan" */
function monthLabel(month: number): string {
  return new Intl.DateTimeFormat("en", { month: "short", timeZone: "UTC" }).format(Date.UTC(2000, month - 1));
}
