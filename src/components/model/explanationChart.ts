import * as Plot from "@observablehq/plot";
import { sum, tickStep } from "d3";
import { type ExplanationGroup, explanationGroups, groupOf } from "../../model/forecaster/explanation.js";
import { type ExpertName, guidanceSources, type Variable } from "../../model/vocabulary.js";
import type { StationExplanation } from "../../shared/published/stationExplanation.js";
import { hourMs } from "../../shared/time.js";
import { chartFigure, fittedPlot } from "../chart/chartFigure.js";
import { featureLabel, modelPhrase, modelStyle } from "../chart/modelStyle.js";
import { dataTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { fullTime } from "../ui/timeZone.js";
import {
  counted,
  differenceInUnit,
  formatNumber,
  formatSigned,
  formatTemperature,
  listed,
  type TemperatureUnit,
} from "../ui/units.js";
import { type Reason, reasonPhrase } from "./explanationWords.js";

/** Pixels. */
const rowHeight = 26;
const numberWidth = 46;

/** A waterfall chart from the newest observation to the forecast, one step for each group of reasons. */
export function explanationChart(lead: LeadExplanation | null, { width }: { width: number }): HTMLElement {
  if (!lead) return html`<p class="empty">No forecast issued yet.</p>`;
  const { now, forecast, groups } = lead;
  let sum = now;
  const steps = groups.map(({ group, hundredths }) => {
    const from = sum;
    sum += hundredths;
    return { row: group as string, from: from / 100, to: sum / 100, change: hundredths / 100 };
  });
  const [first, last] = ["now", "forecast"];
  const rows = [first, ...steps.map(({ row }) => row), last];
  const reached = [now / 100, forecast / 100, ...steps.map(({ to }) => to)];
  const [low, high] = [Math.min(...reached), Math.max(...reached)];
  const narrow = width < 600;
  const [left, right] = [narrow ? 120 : 184, 12];
  const room = Math.max(0.5, (high - low) * 0.16);
  // Leaves room for a number to the right of each bar.
  const share = numberWidth / (width - left - right);
  const domain = [low - room, high + Math.max(room, ((high - low + room) * share) / (1 - share))] as const;
  const ticks = narrow ? 4 : 8;
  const digits = tickStep(...domain, ticks) < 1 ? 1 : 0;
  const links = rows
    .slice(0, -1)
    .map((row, i) => ({ from: row, to: rows[i + 1]!, at: i === 0 ? now / 100 : steps[i - 1]!.to }));
  const chart = fittedPlot({
    width,
    height: 34 + rows.length * rowHeight,
    marginLeft: left,
    marginRight: right,
    marginTop: 4,
    marginBottom: 30,
    x: { domain, label: null, ticks },
    y: { type: "band", domain: rows, label: null, padding: 0.25 },
    marks: [
      Plot.gridX({ ticks, stroke: "var(--chart-grid)", strokeOpacity: 1 }),
      Plot.axisX({ tickSize: 0, ticks, tickFormat: (value: number) => `${formatNumber(value, digits)}°` }),
      Plot.axisY({ tickSize: 0, fontSize: 12, tickFormat: (row: string) => row }),
      Plot.barX(steps, {
        x1: "from",
        x2: "to",
        y: "row",
        fill: ({ change }) => (change < 0 ? "var(--forecast)" : "var(--persistence)"),
      }),
      Plot.ruleX(steps, { x: "to", y: "row", stroke: "var(--ink)", strokeWidth: 1.5 }),
      Plot.link(links, { x: "at", y1: "from", y2: "to", stroke: "var(--chart-frame)", strokeDasharray: "2 2" }),
      Plot.text(steps, {
        x: ({ from, to }) => Math.max(from, to),
        y: "row",
        text: ({ change }) => formatSigned(change, 2),
        textAnchor: "start",
        dx: 5,
        fill: "var(--ink)",
      }),
      Plot.dot(
        [
          { row: first, value: now / 100 },
          { row: last, value: forecast / 100 },
        ],
        { x: "value", y: "row", r: 5, fill: "var(--panel)", stroke: "var(--ink)", strokeWidth: 2 },
      ),
      Plot.text(
        [
          { row: first, value: now / 100, text: formatNumber(now / 100, 1) },
          { row: last, value: forecast / 100, text: formatNumber(forecast / 100, 1) },
        ],
        { x: "value", y: "row", text: "text", textAnchor: "start", dx: 10, fontWeight: 700, fill: "var(--ink)" },
      ),
    ],
  });
  const stepTexts = groups.map(({ group, hundredths }) => `${group} ${formatSigned(hundredths / 100, 2)}`).join(", ");
  return chartFigure(chart, {
    code: import.meta.url,
    label: `From ${formatNumber(now / 100, 1)} °C now to ${formatNumber(forecast / 100, 1)} °C: ${stepTexts}.`,
    key: [
      { label: "raises the forecast", colour: "var(--persistence)" },
      { label: "lowers it", colour: "var(--forecast)" },
    ],
  });
}

/** The numbers of the chart: one row per group with its reason in words, which opens to show its parts. */
export function explanationTable(
  lead: LeadExplanation | null,
  { unit = "C" }: { unit?: TemperatureUnit } = {},
): HTMLElement {
  if (!lead) return html`<div></div>`;
  const { now, forecast, groups, variable } = lead;
  const degrees = (hundredths: number) => formatTemperature(hundredths / 100, unit, 2);
  return html`<section class="table explanation" tabindex="0" aria-label="What the forecast is made of">
    <table>
      <thead><tr><th scope="col">Reason</th><th scope="col" class="number">°${unit}</th></tr></thead>
      <tbody><tr><th scope="row">now</th><td class="number">${degrees(now)}</td></tr></tbody>
      ${groups.map((group) => groupRows(group, { variable, unit }))}
      <tbody><tr class="total"><th scope="row">forecast</th><td class="number">${degrees(forecast)}</td></tr></tbody>
    </table>
  </section>`;
}

/** The network has a part for each field at each point: the largest of them are listed, the others summed. */
const mostPartsAround = 6;

function groupRows(reason: GroupShare, { variable, unit }: { variable: Variable; unit: TemperatureUnit }): HTMLElement {
  const { group, hundredths, parts: all } = reason;
  const change = (size: number) => formatSigned(differenceInUnit(size / 100, unit), 2);
  const count = counted(all.length, "part");
  const words = hundredths === 0 ? count : `${reasonPhrase(reason, variable)} (${count})`;
  const isSummed = / around$/.test(group) && all.length > mostPartsAround + 1;
  const smaller = isSummed ? all.slice(mostPartsAround) : [];
  const parts = all.slice(0, all.length - smaller.length);
  if (isSummed)
    parts.push({
      part: `${smaller.length} smaller parts`,
      hundredths: sum(smaller, (part) => part.hundredths),
    });

  const button = html`<button type="button" aria-expanded="false">${group}<small>${words}</small></button>`;
  const rows = parts.map(
    (part) => html`<tr class="part" hidden><th scope="row">${partLabel(part.part)}</th>
      <td class="number">${change(part.hundredths)}</td></tr>`,
  );
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    for (const row of rows) row.hidden = open;
  });
  return html`<tbody><tr><th scope="row">${button}</th><td class="number">${change(hundredths)}</td></tr>${rows}</tbody>`;
}

/** A part in words: guidance by its source, and what a correction of it learns from. */
function partLabel(part: string): string {
  const source = guidanceSources.find((name) => part === `guidance ${name}`);
  if (source) return `what ${source === "other" ? "the imported guidance" : modelPhrase(source)} says`;
  return part.startsWith("guidance ") ? `its correction: ${part.slice("guidance ".length)}` : featureLabel(part);
}

/** Forecast and weight of each expert at the lead. */
export function expertTable(lead: LeadExplanation | null): HTMLElement {
  if (!lead) return html`<div></div>`;
  const format = (value: number | null, digits: number) => (value === null ? "–" : formatNumber(value, digits));
  return dataTable("Forecasts of the experts", lead.experts, [
    textColumn("Expert", ({ model }) => modelStyle(model).label),
    numberColumn("Forecast, °C", ({ forecastC }) => format(forecastC, 1)),
    numberColumn("Weight", ({ weight }) => format(weight, 3)),
  ]);
}

/** The parts of the forecast at one lead, in hundredths of a degree, which add up exactly. */
interface LeadExplanation {
  variable: Variable;
  leadHours: number;
  issuedTime: number;
  validTime: number;
  forecast: number;
  now: number;
  /** The steps from the newest observation to the forecast, in the order of `explanationGroups`, without empty ones. */
  groups: GroupShare[];
  /** Forecast, °C, and weight of each expert, null if it has none; the largest weight first. */
  experts: { model: ExpertName; forecastC: number | null; weight: number | null }[];
}

interface GroupShare extends Reason {
  /** In order of size, largest first. */
  parts: { part: string; hundredths: number }[];
}

/** Explains the forecast at one lead; null if there is none. */
export function explanationOfLead(
  data: StationExplanation,
  variable: Variable,
  leadHours: number,
): LeadExplanation | null {
  const { leads, forecastC, parts, experts } = data.variables[variable];
  const index = leads.indexOf(leadHours);
  if (index < 0 || data.issuedTime === null) return null;
  const shares = parts
    .map(({ part, hundredths }) => ({ part, hundredths: hundredths[index]!, group: groupOf(part) }))
    .filter(({ hundredths }) => hundredths !== 0)
    .sort((a, b) => Math.abs(b.hundredths) - Math.abs(a.hundredths));
  const total = (some: readonly { hundredths: number }[]) => sum(some, ({ hundredths }) => hundredths);
  const ofGroup = (group: ExplanationGroup) => shares.filter((share) => share.group === group);
  return {
    variable,
    leadHours,
    issuedTime: data.issuedTime,
    validTime: data.issuedTime + leadHours * hourMs,
    forecast: Math.round(forecastC[index]! * 100),
    now: total(ofGroup("now")),
    groups: explanationGroups
      .filter((group) => group !== "now" && ofGroup(group).length > 0)
      .map((group) => ({ group, hundredths: total(ofGroup(group)), parts: ofGroup(group) })),
    experts: experts
      .map(({ model, forecastC, weight }) => ({ model, forecastC: forecastC[index]!, weight: weight[index]! }))
      .sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0)),
  };
}

interface SentenceOptions {
  zone: string;
  unit?: TemperatureUnit;
}

/** The forecast at a lead and the newest observation in a sentence. */
export function explainedHour(
  { variable, leadHours, forecast, now, validTime }: LeadExplanation,
  { zone, unit = "C" }: SentenceOptions,
): string {
  const quantity = variable === "temperature" ? "temperature" : "dew point";
  const degrees = (hundredths: number) => `${formatTemperature(hundredths / 100, unit)} °${unit}`;
  return (
    `For ${fullTime(validTime, zone)}, ${leadHours} h ahead, the ${quantity} forecast is ${degrees(forecast)}; ` +
    `it was ${degrees(now)} when the forecast was issued.`
  );
}

/** The forecast and its three main reasons in a sentence. */
export function explanationSentence(lead: LeadExplanation | null, { zone, unit = "C" }: SentenceOptions): string {
  if (!lead) return "No forecast has been issued for this hour, so there is nothing to explain.";
  const largest = [...lead.groups].sort((a, b) => Math.abs(b.hundredths) - Math.abs(a.hundredths)).slice(0, 3);
  const reasons = largest.map(
    (reason) =>
      `${reasonPhrase(reason, lead.variable)} (${formatSigned(differenceInUnit(reason.hundredths / 100, unit), 1)})`,
  );
  const hour = explainedHour(lead, { zone, unit });
  return reasons.length > 0 ? `${hour} The main reasons, in °${unit}: ${listed(reasons)}.` : hour;
}
