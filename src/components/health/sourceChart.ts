import * as Plot from "@observablehq/plot";
import type { Variable } from "../../model/vocabulary.js";
import type { StationHealth } from "../../shared/published/stationHealth.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { chartFigure, fittedPlot } from "../chart/chartFigure.js";
import { sourceStyle } from "../chart/modelStyle.js";
import { placeOf, readablePoints } from "../chart/readablePoints.js";
import { dataTable, foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html, svg } from "../ui/html.js";
import { dateName, utcHour } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";

interface SourceChartOptions {
  variable?: Variable;
}

/** Every hour of the last sixty days, one column per day: the source of its value, or a cross if missing. */
export function sourceChart(
  data: StationHealth,
  { width, variable = "temperature" }: SourceChartOptions & { width: number },
): HTMLElement {
  const hours = hoursOf(data, variable);
  const observed = hours.filter(({ source }) => source !== null);
  if (observed.length === 0) return html`<p class="empty">No observations in the last sixty days.</p>`;
  const days = [...new Set(hours.map(({ day }) => day))];
  const changed = hours.filter(({ isChanged }) => isChanged);
  const counts = data.hours.sources
    .map((source) => ({ source, n: observed.filter((hour) => hour.source === source).length }))
    .filter(({ n }) => n > 0);
  const missing = hours.length - observed.length;
  const ticks = days.filter((day) => new Date(day).getUTCDay() === 1).filter((_, i) => width >= 600 || i % 2 === 0);
  const chart = fittedPlot({
    width,
    height: width < 600 ? 210 : 280,
    marginLeft: 40,
    marginTop: 8,
    marginBottom: 36,
    x: { type: "band", domain: days, label: null, padding: 0.08 },
    y: { type: "band", domain: Array.from({ length: 24 }, (_, hour) => hour), label: null, padding: 0.08 },
    marks: [
      (_index, scales) => hourMarks(hours, scales as unknown as HourScales),
      Plot.dot(changed, { x: "day", y: "hour", r: width < 600 ? 1.2 : 2.2, fill: "var(--alert)" }),
      Plot.axisX({ ticks, tickSize: 0, tickFormat: (day: number) => dateName(day, "UTC").slice(0, -5) }),
      Plot.axisY({ ticks: [0, 6, 12, 18], tickSize: 0, tickFormat: (hour: number) => `${hour}:00`, fontSize: 11 }),
    ],
  });
  const sourceCounts = counts.map(({ source, n }) => `${formatCount(n)} from ${sourceStyle(source).label}`);
  const quantity = variable === "temperature" ? "Temperature" : "Dew point";
  const figure = chartFigure(chart, {
    code: import.meta.url,
    label: `${quantity} at ${data.station.key}, hour by hour over ${days.length} days: ${sourceCounts.join(", ")}, ${formatCount(missing)} missing, ${formatCount(changed.length)} corrected or late.`,
    key: counts.map(({ source, n }) => {
      const { label, colour, opacity } = sourceStyle(source);
      return { label: `${label}, ${formatCount(n)}`, colour, opacity };
    }),
    caption: `Columns are days, rows are hours, UTC. × missing: ${formatCount(missing)}. • corrected or late: ${formatCount(changed.length)}.`,
  });
  return readablePoints(
    figure,
    hours.map(({ day, hour, source, isChanged }) => ({
      x: placeOf(chart, "x", day),
      y: placeOf(chart, "y", hour),
      title: `${utcHour(day + hour * hourMs)} UTC`,
      values: [
        source === null
          ? { label: "", text: "missing" }
          : { label: "from", text: `${sourceStyle(source).label}${isChanged ? ", corrected or late" : ""}` },
      ],
    })),
  );
}

/** The numbers of the chart by day, newest first. */
export function sourceTable(data: StationHealth, { variable = "temperature" }: SourceChartOptions = {}): HTMLElement {
  const hours = hoursOf(data, variable);
  const days = [...new Set(hours.map(({ day }) => day))].reverse();
  const count = (day: number, test: (hour: Hour) => boolean) =>
    hours.filter((hour) => hour.day === day && test(hour)).length;
  return foldedTable("Hours by source", days, [
    textColumn("Day, UTC", (day) => dateName(day, "UTC")),
    ...data.hours.sources.map((source) =>
      numberColumn(sourceStyle(source).label, (day: number) =>
        formatCount(count(day, (hour) => hour.source === source)),
      ),
    ),
    numberColumn("Missing", (day) => count(day, ({ source }) => source === null)),
    numberColumn("Corrected or late", (day) => count(day, ({ isChanged }) => isChanged)),
  ]);
}

interface Hour {
  day: number;
  hour: number;
  /** Null if nothing was observed. */
  source: string | null;
  isChanged: boolean;
}

/** The hours since training started. */
function hoursOf({ station, hours, corrections }: StationHealth, variable: Variable): Hour[] {
  const changed = new Set(corrections.filter((row) => row.variable === variable).map(({ validTime }) => validTime));
  const isExpected = (time: number) => station.genesisTime !== null && time >= station.genesisTime;
  return hours.observed[variable].flatMap((sourceIndex, i) => {
    const time = hours.firstTime + i * hourMs;
    const day = Math.floor(time / dayMs) * dayMs;
    const source = hours.sources[sourceIndex] ?? null;
    if (source === null && !isExpected(time)) return [];
    return [{ day, hour: (time - day) / hourMs, source, isChanged: changed.has(time) }];
  });
}

type Band = ((value: number) => number) & { bandwidth(): number };
interface HourScales {
  x: Band;
  y: Band;
}

/** One path per source, because about 1,400 rectangles would slow the page. */
function hourMarks(hours: readonly Hour[], { x, y }: HourScales): SVGElement {
  const [wide, high] = [x.bandwidth(), y.bandwidth()];
  const paths = new Map<string | null, string>();
  for (const { day, hour, source } of hours) {
    const [left, top] = [x(day), y(hour)];
    const size = Math.min(wide, high) / 2 - 0.5;
    const [middle, centre] = [left + wide / 2, top + high / 2];
    const at = (value: number) => value.toFixed(1);
    const shape =
      source === null
        ? `M${at(middle - size)},${at(centre - size)}L${at(middle + size)},${at(centre + size)}M${at(middle - size)},${at(centre + size)}L${at(middle + size)},${at(centre - size)}`
        : `M${at(left)},${at(top)}h${at(wide)}v${at(high)}h${at(-wide)}z`;
    paths.set(source, (paths.get(source) ?? "") + shape);
  }
  return svg`<g>${[...paths].map(([source, path]) => {
    if (source === null) return svg`<path d=${path} fill="none" stroke="var(--alert)"></path>`;
    const { colour, opacity } = sourceStyle(source);
    return svg`<path d=${path} fill=${colour} fill-opacity=${opacity}></path>`;
  })}</g>`;
}

/** Periods without a temperature, newest first. */
export function gapTable({ gaps, gapCount }: StationHealth): HTMLElement {
  if (gaps.length === 0) return html`<p class="empty">No hour is missing since training started.</p>`;
  const older = gapCount - gaps.length;
  return html`<div>
    ${dataTable("Gaps", gaps, [
      textColumn("First hour, UTC", ({ firstTime }) => utcHour(firstTime)),
      textColumn("Last hour, UTC", ({ lastTime }) => utcHour(lastTime)),
      numberColumn("Hours", ({ hours }) => formatCount(hours)),
    ])}
    ${older > 0 ? html`<p class="small muted">${formatCount(older)} older gaps are not shown.</p>` : null}
  </div>`;
}
