import { expertNames, type Variable } from "../../model/vocabulary.js";
import type { StationModel } from "../../shared/published/stationModel.js";
import { modelStyle } from "../chart/modelStyle.js";
import { foldedTable } from "../ui/dataTable.js";
import { formatNumber } from "../ui/units.js";

/** The newest weights, at every reported lead. */
export function expertWeightTable(
  data: StationModel,
  { variable = "temperature" }: { variable?: Variable } = {},
): HTMLElement {
  const series = data.expertWeights.filter((row) => row.variable === variable);
  return foldedTable(
    expertNames.filter((name) => series.some(({ weights }) => weights[name])),
    [
      { heading: "Expert", cell: (name) => modelStyle(name).label },
      ...series.map(({ leadHours, weights }) => ({
        heading: `${leadHours} h`,
        cell: (name: (typeof expertNames)[number]) => formatNumber((weights[name]?.at(-1) ?? 0) / 1000, 3),
        numeric: true,
      })),
    ],
    { label: "The newest weights of the experts" },
  );
}
