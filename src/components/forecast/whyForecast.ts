import { sum } from "d3";
import type { Variable } from "../../model/vocabulary.js";
import type { StationExplanation } from "../../shared/published/stationExplanation.js";
import { explainedHour, explanationOfLead, explanationTable } from "../model/explanationChart.js";
import { type Reason, reasonPhrase } from "../model/explanationWords.js";
import { html } from "../ui/html.js";
import { counted, differenceInUnit, formatSigned, type TemperatureUnit } from "../ui/units.js";
import { upstreamChart, upstreamList, upstreamOf, upstreamTable } from "./upstreamChart.js";

/** Most reasons listed, and at least so many. */
const [mostReasons, leastReasons] = [5, 3];
/** Other reasons below this size are summed, hundredths of °C. */
const leastSize = 10;

interface WhyOptions {
  variable: Variable;
  leadHours: number;
  unit: TemperatureUnit;
  /** IANA zone. */
  zone: string;
}

/**
 * Why the newest forecast is what it is at a lead: its main reasons in words with what each adds, and folded all parts and
 * what other stations add.
 */
export function whyForecast(data: StationExplanation, { variable, leadHours, unit, zone }: WhyOptions): HTMLElement {
  const lead = explanationOfLead(data, variable, leadHours);
  if (!lead) return html`<p class="empty">No forecast has been issued for this hour.</p>`;
  const upstream = upstreamOf(data, variable, leadHours);
  return html`<div>
    <p>${explainedHour(lead, { unit, zone })}</p>
    ${reasonList(lead.groups, { variable, unit })}
    <details><summary>All parts as a table</summary>${explanationTable(lead, { unit })}</details>
    ${
      upstream === null
        ? null
        : html`<details><summary>What other stations add</summary><div class="columns">
            <div>${upstreamList(upstream, { unit })}${upstreamTable(upstream, { unit })}</div>
            <div>${upstreamChart(upstream, { unit })}</div>
          </div></details>`
    }
  </div>`;
}

/** The main reasons, the largest first, each with a bar; the others as a sum. */
function reasonList(groups: readonly Reason[], { variable, unit }: Pick<WhyOptions, "variable" | "unit">): HTMLElement {
  const bySize = [...groups].sort((a, b) => Math.abs(b.hundredths) - Math.abs(a.hundredths));
  const isMain = ({ hundredths }: Reason, i: number) =>
    i < leastReasons || (i < mostReasons && Math.abs(hundredths) >= leastSize);
  const main = bySize.filter(isMain);
  const rest = bySize.slice(main.length);
  const largest = Math.max(1, ...main.map(({ hundredths }) => Math.abs(hundredths)));
  const degrees = (hundredths: number) => `${formatSigned(differenceInUnit(hundredths / 100, unit), 1)} °${unit}`;
  const item = (words: string, hundredths: number) => html`<li>
    <span class="reason">${words}</span>
    <span class="size"><i class=${hundredths < 0 ? "fall" : "rise"} style=${`width:${Math.min(50, (50 * Math.abs(hundredths)) / largest).toFixed(1)}%`}></i></span>
    <b>${degrees(hundredths)}</b>
  </li>`;
  return html`<ul class="reasons">${main.map((reason) => item(reasonPhrase(reason, variable), reason.hundredths))}
    ${
      rest.length > 0
        ? item(
            `${counted(rest.length, "smaller reason")}`,
            sum(rest, ({ hundredths }) => hundredths),
          )
        : null
    }</ul>`;
}
