import { modelStyle } from "../chart/modelStyle.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { formatNumber } from "../ui/units.js";
import type { LeadExplanation } from "./explanationOfLead.js";

/** What each expert forecasts for the hour, and how much the mixture listens to it. */
export function expertTable(lead: LeadExplanation | null): HTMLElement {
  if (!lead) return html`<div></div>`;
  const told = (value: number | null, digits: number) => (value === null ? "–" : formatNumber(value, digits));
  return dataTable(
    lead.experts,
    [
      { heading: "Expert", cell: ({ model }) => modelStyle(model).label },
      { heading: "Forecast, °C", cell: ({ forecastC }) => told(forecastC, 1), numeric: true },
      { heading: "Weight", cell: ({ weight }) => told(weight, 3), numeric: true },
    ],
    { label: "What the experts say" },
  );
}
