import type { StationEvaluation } from "../data/stationEvaluation.js";
import type { Variable } from "../model/vocabulary.js";
import { foldedTable } from "./dataTable.js";
import { fullTime } from "./timeZone.js";
import { formatCount, formatDifference, type TemperatureUnit } from "./units.js";

/** The newest EWMAE of every reported lead. */
export function ewmaeTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: { unit?: TemperatureUnit; variable?: Variable } = {},
): HTMLElement {
  const newest = data.ewmae.filter((series) => series.variable === variable && series.time.length > 0);
  const last = (column: readonly number[]) => formatDifference(column.at(-1) ?? null, unit, 2);
  return foldedTable(
    newest,
    [
      { heading: "Lead, h", cell: ({ leadHours }) => leadHours },
      { heading: "n", cell: ({ n }) => formatCount(n.at(-1)!), numeric: true },
      { heading: "Validation", cell: (series) => last(series.validation), numeric: true },
      { heading: "Validation, corrected", cell: (series) => last(series.validationCorrected), numeric: true },
      { heading: "Training", cell: (series) => last(series.training), numeric: true },
      { heading: "Training, corrected", cell: (series) => last(series.trainingCorrected), numeric: true },
      { heading: "Up to", cell: ({ time }) => fullTime(time.at(-1)!, "UTC"), numeric: true },
    ],
    { label: `The newest EWMAE of each lead, °${unit},` },
  );
}
