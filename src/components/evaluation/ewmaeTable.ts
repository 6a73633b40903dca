import type { Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { foldedTable } from "../ui/dataTable.js";
import { clockTime, dateName } from "../ui/timeZone.js";
import { formatCount, formatDifference, type TemperatureUnit } from "../ui/units.js";
import { ewmaePoints } from "./ewmaePoints.js";

/** The newest EWMAE of every reported lead. */
export function ewmaeTable(
  data: StationEvaluation,
  { unit = "C", variable = "temperature" }: { unit?: TemperatureUnit; variable?: Variable } = {},
): HTMLElement {
  const newest = data.ewmae
    .filter((series) => series.variable === variable)
    .flatMap((series) =>
      ewmaePoints(series)
        .slice(-1)
        .map((point) => ({ leadHours: series.leadHours, ...point })),
    );
  const error = (errorC: number) => formatDifference(errorC, unit, 2);
  return foldedTable(
    newest,
    [
      { heading: "Lead, h", cell: ({ leadHours }) => leadHours },
      { heading: "n", cell: ({ n }) => formatCount(n), numeric: true },
      { heading: "Validation", cell: ({ validation }) => error(validation), numeric: true },
      { heading: "corrected", cell: ({ validationCorrected }) => error(validationCorrected), numeric: true },
      { heading: "slow", cell: ({ validationSlow }) => error(validationSlow), numeric: true },
      { heading: "Training", cell: ({ training }) => error(training), numeric: true },
      { heading: "corrected", cell: ({ trainingCorrected }) => error(trainingCorrected), numeric: true },
      {
        heading: "Up to, UTC",
        cell: ({ time }) => `${dateName(time, "UTC")} ${clockTime(time, "UTC")}`,
        numeric: true,
      },
    ],
    { label: `The newest EWMAE of each lead, °${unit},` },
  );
}
