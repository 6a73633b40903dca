import { reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { foldedTable } from "../ui/dataTable.js";
import { formatCount, formatDifference, formatNumber, type TemperatureUnit } from "../ui/units.js";
import { coverage, intervals } from "./coverage.js";

/** Coverage of the intervals at the reported leads, with the score of the whole distribution. */
export function coverageTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: { unit?: TemperatureUnit; variable?: Variable } = {},
): HTMLElement {
  return foldedTable(
    coverage(data, variable).filter(({ leadHours }) => (reportedLeads as readonly number[]).includes(leadHours)),
    [
      { heading: "Lead, h", cell: ({ leadHours }) => leadHours },
      { heading: "n", cell: ({ n }) => formatCount(n), numeric: true },
      ...intervals.map(({ nominal }, i) => ({
        heading: `inside ${nominal * 100} %`,
        cell: ({ inside }: { inside: number[] }) => `${formatNumber(inside[i]! * 100, 1)} %`,
        numeric: true,
      })),
      { heading: `CRPS, °${unit}`, cell: ({ crpsC }) => formatDifference(crpsC, unit, 2), numeric: true },
    ],
    { label: "Coverage by lead" },
  );
}
