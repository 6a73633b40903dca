import type { StationModel } from "../data/stationModel.js";
import { reportedLeads, type Variable } from "../model/vocabulary.js";
import { foldedTable } from "./dataTable.js";
import { formatNumber } from "./units.js";

/** The weights at the reported leads. */
export function weightTable(
  data: StationModel,
  { variable = "temperature" }: { variable?: Variable } = {},
): HTMLElement {
  const { features, leads, rows } = data.weights[variable];
  const columns = reportedLeads.filter((lead) => leads.includes(lead));
  return foldedTable(
    features.map((feature, i) => ({ feature, weights: rows[i]! })),
    [
      { heading: "Feature", cell: ({ feature }) => feature },
      ...columns.map((lead) => ({
        heading: `${lead} h`,
        cell: ({ weights }: { weights: number[] }) => formatNumber(weights[leads.indexOf(lead)]!, 3),
        numeric: true,
      })),
    ],
    { label: "The weights" },
  );
}
