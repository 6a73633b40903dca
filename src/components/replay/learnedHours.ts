import { parquetReadObjects } from "hyparquet";
import { type OfficialForecastHour, officialHours } from "../../model/features/officialHours.js";
import type { StationHours } from "../../model/forecaster/tracedReplay.js";
import { type Quantity, quantities } from "../../model/vocabulary.js";
import { hourMs } from "../../shared/time.js";

/** Columns of `/api/<key>/learnedHours.parquet`. */
const columns: Record<Quantity, string> = {
  temperature: "temperatureC",
  dewPoint: "dewPointC",
  seaLevelPressure: "seaLevelPressureHpa",
  windSpeed: "windSpeedMs",
  windDirection: "windDirectionDeg",
  cloudCover: "cloudCoverOktas",
};

/**
 * The hours of a station's file, without gaps from the first to the last that its model has consumed, and what it saw of
 * official forecasts at them.
 * @param file `/api/<key>/learnedHours.parquet`
 * @param officialFile `/api/<key>/learnedOfficial.parquet`; null where there is none
 * @param period epoch milliseconds
 */
export async function learnedHours(
  file: ArrayBuffer,
  officialFile: ArrayBuffer | null,
  { firstTime, lastTime }: { firstTime: number; lastTime: number },
): Promise<StationHours> {
  const rows = await parquetReadObjects({ file });
  const width = quantities.length;
  const values = new Float64Array(((lastTime - firstTime) / hourMs + 1) * width).fill(Number.NaN);
  for (const row of rows) {
    const place = ((row.validTime as Date).getTime() - firstTime) / hourMs;
    if (!(place >= 0 && place * width < values.length)) continue;
    quantities.forEach((quantity, i) => {
      values[place * width + i] = (row[columns[quantity]] as number | null) ?? Number.NaN;
    });
  }
  const [firstHour, lastHour] = [firstTime / hourMs, lastTime / hourMs];
  const official = officialFile && officialHours(await officialRows(officialFile), firstHour, lastHour);
  return { firstHour, values, official };
}

async function officialRows(file: ArrayBuffer): Promise<OfficialForecastHour[]> {
  const rows = await parquetReadObjects({ file });
  return rows.map(({ issuedTime, leadHours, temperatureC, dewPointC }) => ({
    issuedHour: (issuedTime as Date).getTime() / hourMs,
    leadHours: leadHours as number,
    temperatureC: temperatureC as number,
    dewPointC: dewPointC as number | null,
  }));
}
