import { html } from "../ui/html.js";
import { formatCount, formatNumber, formatSigned } from "../ui/units.js";
import type { GroupShare, LeadExplanation } from "./explanationOfLead.js";
import { featureLabel } from "./featureLabel.js";

/** The same as numbers: a row a group, which opens to its parts. */
export function explanationTable(lead: LeadExplanation | null): HTMLElement {
  if (!lead) return html`<div></div>`;
  const { now, forecast, groups } = lead;
  return html`<section class="table explanation" tabindex="0" aria-label="What the forecast is made of">
    <table>
      <thead><tr><th scope="col">Reason</th><th scope="col" class="number">°C</th></tr></thead>
      <tbody><tr><th scope="row">now</th><td class="number">${formatNumber(now / 100, 2)}</td></tr></tbody>
      ${groups.map(groupRows)}
      <tbody><tr class="total"><th scope="row">forecast</th><td class="number">${formatNumber(forecast / 100, 2)}</td></tr></tbody>
    </table>
  </section>`;
}

function groupRows({ group, hundredths, parts }: GroupShare): HTMLElement {
  const button = html`<button type="button" aria-expanded="false">${group}<small>${partCount(parts.length)}</small></button>`;
  const rows = parts.map(
    (part) => html`<tr class="part" hidden><th scope="row">${featureLabel(part.part)}</th>
      <td class="number">${formatSigned(part.hundredths / 100, 2)}</td></tr>`,
  );
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    for (const row of rows) row.hidden = open;
  });
  return html`<tbody><tr><th scope="row">${button}</th><td class="number">${formatSigned(hundredths / 100, 2)}</td></tr>${rows}</tbody>`;
}

function partCount(count: number): string {
  return count === 1 ? "1 part" : `${formatCount(count)} parts`;
}
