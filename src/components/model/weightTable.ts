import { reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { SnapshotWeights } from "../../shared/published/stationModel.js";
import { foldedTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { formatNumber } from "../ui/units.js";
import { featureLabel } from "./featureLabel.js";

/** The weights at the reported leads. */
export function weightTable(
  weights: SnapshotWeights | null,
  { variable = "temperature" }: { variable?: Variable } = {},
): HTMLElement {
  if (!weights) return html`<div></div>`;
  const { features, leads, rows } = weights[variable];
  const columns = reportedLeads.filter((lead) => leads.includes(lead));
  return foldedTable(
    features.map((feature, i) => ({ feature, row: rows[i]! })),
    [
      { heading: "Feature", cell: ({ feature }) => featureLabel(feature) },
      ...columns.map((lead) => ({
        heading: `${lead} h`,
        cell: ({ row }: { row: number[] }) => formatNumber(row[leads.indexOf(lead)]!, 3),
        numeric: true,
      })),
    ],
    { label: "The weights" },
  );
}
