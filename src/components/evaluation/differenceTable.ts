import { comparedBaselines, reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { ScoreDifference, StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { modelStyle } from "../chart/modelStyle.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { differenceInUnit, formatCount, formatNumber, formatSigned, type TemperatureUnit } from "../ui/units.js";

/** "+0.04 ± 0.01": a difference with half its 95 % interval. */
export function plusMinus(
  { difference, differenceHigh }: Pick<ScoreDifference, "difference" | "differenceHigh">,
  unit: TemperatureUnit,
): string {
  const half = differenceInUnit(differenceHigh - difference, unit);
  return `${formatSigned(differenceInUnit(difference, unit), 2)} ± ${formatNumber(half, 2)}`;
}

/** By how much the published forecast's error differs from each baseline's, hour by hour, and how surely. */
export function differenceTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: { unit?: TemperatureUnit; variable?: Variable } = {},
): HTMLElement {
  const own = data.differences.filter((row) => row.variable === variable);
  const at = (leadHours: number, model: string) =>
    own.find((row) => row.leadHours === leadHours && row.model === model);
  const compared = comparedBaselines.filter((model) => own.some((row) => row.model === model));
  const rows = reportedLeads.filter((lead) => own.some(({ leadHours }) => leadHours === lead));
  if (rows.length === 0)
    return html`<p class="empty">Fewer than thirty days are scored: too few to say how sure a difference is.</p>`;
  const cell = (row: ScoreDifference | undefined) => {
    if (!row) return "–";
    const text = plusMinus(row, unit);
    if (row.differenceLow > 0) return html`<strong class="worse">${text}</strong>`;
    return row.differenceHigh < 0 ? text : html`<span class="muted">${text}</span>`;
  };
  return dataTable(
    rows,
    [
      { heading: "Lead, h", cell: (lead) => lead, numeric: true },
      {
        heading: "n",
        cell: (lead) => formatCount(Math.max(...own.filter((row) => row.leadHours === lead).map(({ n }) => n))),
        numeric: true,
      },
      ...compared.map((model) => ({
        heading: `less ${modelStyle(model).label}`,
        cell: (lead: number) => cell(at(lead, model)),
        numeric: true,
      })),
    ],
    { label: `Difference of the errors, °${unit}` },
  );
}
