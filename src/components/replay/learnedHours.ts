import { type GuidanceHour, guidanceHours } from "../../model/features/guidanceHours.js";
import type { StationHours } from "../../model/forecaster/tracedReplay.js";
import { quantities } from "../../model/vocabulary.js";
import { type MeasureColumn, measures } from "../../shared/measures.js";
import { hourMs } from "../../shared/time.js";

/**
 * The observations and the guidance that a station's model learned from, one row per hour from the first to the
 * last.
 * @param file `/api/<key>/learnedHours.parquet`
 * @param guidanceFile `/api/<key>/learnedGuidance.parquet`; null when there is none
 * @param period epoch milliseconds
 */
export async function learnedHours(
  file: ArrayBuffer,
  guidanceFile: ArrayBuffer | null,
  { firstTime, lastTime }: { firstTime: number; lastTime: number },
): Promise<StationHours> {
  const { parquetRows } = await import("../ui/parquetRows.js"); // the forecast page imports this file without reading Parquet
  const rows = await parquetRows<{ validTime: Date } & Record<MeasureColumn, number | null>>(file);
  const width = quantities.length;
  const values = new Float64Array(((lastTime - firstTime) / hourMs + 1) * width).fill(Number.NaN);
  for (const row of rows) {
    const index = (row.validTime.getTime() - firstTime) / hourMs;
    if (!(index >= 0 && index * width < values.length)) continue;
    quantities.forEach((quantity, i) => {
      values[index * width + i] = row[measures[quantity].column] ?? Number.NaN;
    });
  }
  const [firstHour, lastHour] = [firstTime / hourMs, lastTime / hourMs];
  const rowsOfGuidance = guidanceFile === null ? [] : await parquetRows<LearnedGuidanceRow>(guidanceFile);
  return { firstHour, values, guidance: guidanceHours(rowsOfGuidance.map(toGuidanceHour), firstHour, lastHour) };
}

/** A row of `learnedGuidance.parquet` or `guidance.parquet`, as hyparquet reads it. */
export type LearnedGuidanceRow = Omit<GuidanceHour, "issuedHour"> & { issuedTime: Date };

export function toGuidanceHour({ issuedTime, ...row }: LearnedGuidanceRow): GuidanceHour {
  return { issuedHour: issuedTime.getTime() / hourMs, ...row };
}
