import * as Plot from "@observablehq/plot";
import type { StationScores } from "../../shared/published/stationScores.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { chartFigure, stationRowPlot } from "../chart/chartFigure.js";
import { placeOf, readablePoints } from "../chart/readablePoints.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { placeName, stationLink } from "../ui/station.js";
import { differenceInUnit, formatCount, formatDifference, formatPercent } from "../ui/units.js";
import { countRange, type ScoreChartOptions, type ScoreOptions, skillScore } from "./scoresByModel.js";

/** The chart shows at most this many stations: the best half, the worst half, and the selected one. */
const mostRows = 40;

/** One row per station, highest skill first: the errors of the forecast and of the better naive baseline. */
export function stationErrorChart(
  errors: readonly StationError[],
  { width, key, unit = "C", leadHours = 24 }: ScoreChartOptions & { key: string },
): HTMLElement {
  if (errors.length === 0) return html`<p class="empty">Nothing scored yet.</p>`;
  const shown = errors.filter((row, i) => row.key === key || i < mostRows / 2 || i >= errors.length - mostRows / 2);
  const value = (name: "maeC" | "naiveC") => (row: StationError) => differenceInUnit(row[name], unit);
  const chart = stationRowPlot({
    width,
    keys: shown.map((row) => row.key),
    label: `mean absolute error, °${unit}`,
    x: { zero: true },
    marks: [
      Plot.link(shown, {
        x1: value("maeC"),
        x2: value("naiveC"),
        y1: "key",
        y2: "key",
        stroke: ({ skill }: StationError) => (skill < 0 ? "var(--alert)" : "var(--chart-frame)"),
        strokeWidth: 2,
      }),
      Plot.tickX(shown, { x: value("naiveC"), y: "key", stroke: "var(--persistence)", strokeWidth: 2 }),
      Plot.dot(shown, {
        x: value("maeC"),
        y: "key",
        r: 4.5,
        fill: "var(--forecast)",
        stroke: ({ key: own }: StationError) => (own === key ? "var(--ink)" : "none"),
        strokeWidth: 2,
      }),
    ],
  });
  const [best, worst] = [errors[0]!, errors.at(-1)!];
  const skillOf = ({ key: own, skill }: StationError) => `${own} ${formatPercent(skill)}`;
  const hidden = errors.length - shown.length;
  const figure = chartFigure(chart, {
    code: import.meta.url,
    label: `Mean absolute error ${leadHours} hours ahead of ${errors.length} stations. Highest skill: ${skillOf(best)}. Lowest: ${skillOf(worst)}.`,
    key: [
      { label: "published forecast", colour: "var(--forecast)" },
      { label: "better naive baseline", colour: "var(--persistence)", dash: "none" },
    ],
    caption: `${countRange(errors.map(({ n }) => n))} forecasts per station, ${leadHours} h ahead.${hidden > 0 ? ` ${hidden} stations in the middle are in the table only.` : ""}`,
  });
  return readablePoints(
    figure,
    shown.map((row) => ({
      x: placeOf(chart, "x", value("maeC")(row)),
      y: placeOf(chart, "y", row.key),
      title: `${row.key} ${placeName(row.name)}`,
      values: [
        { label: "published forecast", colour: "var(--forecast)", text: formatDifference(row.maeC, unit, 2) },
        { label: "better naive baseline", colour: "var(--persistence)", text: formatDifference(row.naiveC, unit, 2) },
        { label: "skill", text: formatPercent(row.skill) },
      ],
    })),
  );
}

/** The errors of every station as a folded table; a station's link selects it. */
export function stationErrorTable(
  errors: readonly StationError[],
  { unit = "C", onSelect }: ScoreOptions & { onSelect?: (key: string) => void } = {},
): HTMLElement {
  return foldedTable(`Errors of ${errors.length} stations`, errors, [
    textColumn("Station", (row) => stationLink(row, onSelect)),
    numberColumn("n", ({ n }) => formatCount(n)),
    numberColumn(`MAE, °${unit}`, ({ maeC }) => formatDifference(maeC, unit, 2)),
    numberColumn("Naive", ({ naiveC }) => formatDifference(naiveC, unit, 2)),
    numberColumn("Skill", ({ skill }) => formatPercent(skill)),
    numberColumn("Against guidance, 24 h", ({ guidanceSkill24 }) =>
      guidanceSkill24 === null ? "–" : formatPercent(guidanceSkill24),
    ),
  ]);
}

interface StationError {
  key: string;
  name: string;
  n: number;
  maeC: number;
  /** Of the better of persistence and the same hour yesterday. */
  naiveC: number;
  skill: number;
  /** Skill against guidance: temperature, 24 hours ahead, over all months. */
  guidanceSkill24: number | null;
}

/** The errors of all stations with scores, highest skill first. */
export function stationErrors(
  scores: StationScores,
  stations: readonly StationSummary[],
  { variable, leadHours }: ScoreOptions,
): StationError[] {
  const found = scores.scores.find((row) => row.variable === variable && row.leadHours === leadHours);
  const byKey = new Map(stations.map((station) => [station.key, station]));
  return scores.keys
    .flatMap((key, i) => {
      const [n, maeC, naiveC] = [found?.n[i] ?? null, found?.maeC[i] ?? null, found?.naiveC[i] ?? null];
      if (n === null || maeC === null || naiveC === null) return [];
      const { name = key, guidanceSkill24 = null } = byKey.get(key) ?? {};
      return [{ key, name, n, maeC, naiveC, skill: skillScore(maeC, naiveC), guidanceSkill24 }];
    })
    .sort((a, b) => b.skill - a.skill);
}
