import { type OfficialForecastHour, officialHours } from "../../model/features/officialHours.js";
import type { StationHours } from "../../model/forecaster/tracedReplay.js";
import { quantities } from "../../model/vocabulary.js";
import { type MeasureColumn, measures } from "../../shared/measures.js";
import { hourMs } from "../../shared/time.js";
import { parquetRows } from "../ui/parquetRows.js";

/**
 * The observations and official forecasts that a station's model learned from, one row per hour from the first to the
 * last.
 * @param file `/api/<key>/learnedHours.parquet`
 * @param officialFile `/api/<key>/learnedOfficial.parquet`; null when there is none
 * @param period epoch milliseconds
 */
export async function learnedHours(
  file: ArrayBuffer,
  officialFile: ArrayBuffer | null,
  { firstTime, lastTime }: { firstTime: number; lastTime: number },
): Promise<StationHours> {
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
  const official = officialFile && officialHours(await officialRows(officialFile), firstHour, lastHour);
  return { firstHour, values, official };
}

async function officialRows(file: ArrayBuffer): Promise<OfficialForecastHour[]> {
  const rows = await parquetRows<Omit<OfficialForecastHour, "issuedHour"> & { issuedTime: Date }>(file);
  return rows.map(({ issuedTime, ...row }) => ({ issuedHour: issuedTime.getTime() / hourMs, ...row }));
}
