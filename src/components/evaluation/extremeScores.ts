import * as Plot from "@observablehq/plot";
import type { ExtremeEvent } from "../../model/extremes/odds.js";
import type {
  ExtremeOdds,
  ExtremeScores,
  LiveExtremeScores,
  StationEvaluation,
} from "../../shared/published/stationEvaluation.js";
import { centred, chartFigure, fittedPlot, gridY } from "../chart/chartFigure.js";
import { placeOf, readablePoints } from "../chart/readablePoints.js";
import { type Column, dataTable, foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import {
  formatCount,
  formatDifference,
  formatNumber,
  formatPercent,
  formatTemperature,
  type TemperatureUnit,
} from "../ui/units.js";

const windowNames = ["under way", "ends within 24 h", "within 48 h", "within 72 h"];
const eventOf = { low: "frost", high: "heat" } as const;

interface UnitOptions {
  unit?: TemperatureUnit;
}

/** Errors and calibration of the forecasts of lows and highs, a row for each kind and window. */
export function extremeScoreTable({ extremes }: StationEvaluation, { unit = "C" }: UnitOptions = {}): HTMLElement {
  if (extremes.length === 0) return html`<p class="empty">No night or day with a forecast has ended yet.</p>`;
  return dataTable(`Lows and highs, °${unit}`, extremes, errorColumns(unit));
}

/** The same of live forecasts, with the Brier score of the odds of frost or heat. */
export function liveExtremeTable({ liveExtremes }: StationEvaluation, { unit = "C" }: UnitOptions = {}): HTMLElement {
  if (liveExtremes.length === 0)
    return html`<p class="empty">No night or day with a live forecast has ended yet: all scored forecasts were replayed.</p>`;
  return dataTable(`Live forecasts of lows and highs, °${unit}`, liveExtremes, [
    ...errorColumns(unit),
    numberColumn("Brier score of frost or heat", ({ brier }) => score(brier)),
  ]);
}

/** Their errors beside those of the last low or high observed, of climatology and of the hourly quantiles alone. */
export function extremeComparisonTable({ extremes }: StationEvaluation, { unit = "C" }: UnitOptions = {}): HTMLElement {
  if (extremes.length === 0) return html``;
  const error = (celsius: number | null) => formatDifference(celsius, unit, 2);
  return dataTable(`Lows and highs compared, °${unit}`, extremes, [
    windowColumn,
    numberColumn("MAE", ({ maeC }) => error(maeC)),
    numberColumn("MAE, last one observed", ({ beforeMaeC }) => error(beforeMaeC)),
    numberColumn("MAE, climatology", ({ climatologyMaeC }) => error(climatologyMaeC)),
    numberColumn("CRPS", ({ crpsC }) => error(crpsC)),
    numberColumn("CRPS, climatology", ({ climatologyCrpsC }) => error(climatologyCrpsC)),
    numberColumn("CRPS, hourly quantiles", ({ untrackedCrpsC }) => error(untrackedCrpsC)),
  ]);
}

/** Brier scores of the odds of frost and heat, and of what they are compared with; only of events that came. */
export function oddsScoreTable(data: StationEvaluation): HTMLElement {
  const rows = data.extremes.filter(({ kind, oddsN }) => oddsN > 0 && hasCome(data, eventOf[kind]));
  if (rows.length === 0) return html`<p class="empty">Neither frost nor heat has come where odds of it were given.</p>`;
  return dataTable("Brier scores of the odds of frost and heat", rows, [
    textColumn("Odds", ({ kind, windowNumber }) => `${eventOf[kind]}, ${windowNames[windowNumber]}`),
    numberColumn("n", ({ oddsN }) => formatCount(oddsN)),
    numberColumn("Brier score", ({ brier }) => score(brier)),
    numberColumn("last one observed", ({ beforeBrier }) => score(beforeBrier)),
    numberColumn("climatology", ({ climatologyBrier }) => score(climatologyBrier)),
    numberColumn("hourly quantiles", ({ untrackedBrier }) => score(untrackedBrier)),
    numberColumn("skill against climatology", ({ brier, climatologyBrier }) =>
      brier === null || !climatologyBrier ? "–" : formatPercent(1 - brier / climatologyBrier),
    ),
  ]);
}

/** What frost and heat are at a station, in the reader's unit. */
export function eventWords({ heatC }: StationEvaluation, { unit = "C" }: UnitOptions = {}): string {
  const frost = `Frost is a low below ${formatTemperature(0, unit, 0)} °${unit}`;
  if (heatC === null) return `${frost}.`;
  return `${frost}, heat a high of at least the station’s threshold, now ${formatTemperature(heatC, unit)} °${unit}.`;
}

/** How often frost or heat came by the odds that were given for it, for nights or days that had not begun. */
export function oddsChart(
  data: StationEvaluation,
  { event, width }: { event: ExtremeEvent; width: number },
): HTMLElement {
  const window = event === "frost" ? "night" : "day";
  if (!hasCome(data, event)) return html`<p class="empty">No ${window} with ${event} has been scored here.</p>`;
  const rows = oddsOf(data, event);
  const most = Math.max(...rows.map(({ n }) => n));
  const colour = event === "frost" ? "var(--forecast)" : "var(--alert)";
  const chart = fittedPlot({
    width: Math.min(width, 480),
    height: 300,
    marginLeft: 44,
    marginBottom: 36,
    x: {
      label: `odds of ${event} given`,
      domain: [0, 1],
      tickFormat: (share: number) => formatPercent(share),
      ...centred,
    },
    y: { label: null, domain: [0, 1] },
    marks: [
      gridY,
      Plot.axisY({ tickSize: 0, tickFormat: (share: number) => formatPercent(share) }),
      Plot.line([0, 1], { x: (share) => share, y: (share) => share, stroke: "var(--ink)", strokeWidth: 1 }),
      Plot.lineY(rows, { x: "odds", y: "came", stroke: colour, strokeWidth: 2 }),
      Plot.dot(rows, { x: "odds", y: "came", fill: colour, r: ({ n }) => 2 + 6 * Math.sqrt(n / most) }),
    ],
  });
  const words = rows.map(({ odds, came }) => `${formatPercent(odds)} given, ${formatPercent(came)} came`);
  const caption = `${window === "night" ? "Nights" : "Days"} that had not begun and ended within 24 hours. The larger a dot, the more forecasts had such odds.`;
  const figure = chartFigure(chart, {
    code: import.meta.url,
    label: `How often ${event} came, by the odds given before the ${window} began: ${words.join("; ")}.`,
    key: [
      { label: `how often ${event} came`, colour, dash: "none" },
      { label: "as often as the odds say", colour: "var(--ink)", dash: "none" },
    ],
    caption,
  });
  figure.append(
    foldedTable(`Odds of ${event}`, rows, [
      textColumn("Odds given", ({ tenth }) => `${tenth * 10}–${tenth * 10 + 10} %`),
      numberColumn("n", ({ n }) => formatCount(n)),
      numberColumn("mean", ({ odds }) => formatPercent(odds)),
      numberColumn("came", ({ came }) => formatPercent(came)),
    ]),
  );
  return readablePoints(
    figure,
    rows.map(({ tenth, n, odds, came }) => ({
      x: placeOf(chart, "x", odds),
      y: placeOf(chart, "y", came),
      title: `Odds of ${tenth * 10} to ${tenth * 10 + 10} %`,
      values: [
        { label: "given", text: formatPercent(odds) },
        { label: "came", text: formatPercent(came), colour },
        { label: "n", text: formatCount(n) },
      ],
    })),
  );
}

function oddsOf({ extremeOdds }: StationEvaluation, event: ExtremeEvent): ExtremeOdds[] {
  return extremeOdds.filter((row) => row.event === event && row.windowNumber === 1);
}

function hasCome(data: StationEvaluation, event: ExtremeEvent): boolean {
  return oddsOf(data, event).some(({ came }) => came > 0);
}

function score(brier: number | null): string {
  return brier === null ? "–" : formatNumber(brier, 3);
}

const windowColumn = textColumn(
  "Forecast",
  ({ kind, windowNumber }: Pick<ExtremeScores, "kind" | "windowNumber">) => `${kind}, ${windowNames[windowNumber]}`,
);

function errorColumns(unit: TemperatureUnit): Column<LiveExtremeScores>[] {
  const share = ({ counts }: LiveExtremeScores, first: number, last: number) => {
    const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
    return formatPercent(sum(counts.slice(first, last + 1)) / sum(counts));
  };
  return [
    windowColumn,
    numberColumn("n", ({ n }) => formatCount(n)),
    numberColumn("bias", ({ biasC }) => formatDifference(biasC, unit, 2)),
    numberColumn("MAE", ({ maeC }) => formatDifference(maeC, unit, 2)),
    numberColumn("CRPS", ({ crpsC }) => formatDifference(crpsC, unit, 2)),
    numberColumn("in 50 %", (row) => share(row, 3, 4)),
    numberColumn("in 80 %", (row) => share(row, 2, 5)),
    numberColumn("in 95 %", (row) => share(row, 1, 6)),
    numberColumn("below 10 %", (row) => share(row, 0, 1)),
    numberColumn("above 90 %", (row) => share(row, 6, 7)),
  ];
}
