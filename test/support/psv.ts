import { hourMs, minuteMs } from "../../src/shared/time.js";

/** A report as a test describes it; what is left out is empty in the file. */
export interface PsvRow {
  /** `2020-01-01T00:51:00`, UTC. */
  date: string;
  temperature?: number | string;
  dewPoint?: number | string;
  reportType?: string;
  quality?: string;
  remark?: string;
}

const variableColumns = (name: string) => [name, `${name}_Quality_Code`, `${name}_Report_Type`, `${name}_Source_Code`];
const header = [
  "STATION",
  "Station_name",
  "DATE",
  "LATITUDE",
  "LONGITUDE",
  "ELEVATION",
  ...variableColumns("temperature"),
  ...variableColumns("dew_point_temperature"),
  "REM",
];

/** A GHCNh file with only the columns that matter, which the real ones are read by name to find too. */
export function psv(stationId: string, rows: readonly PsvRow[]): string {
  const lines = rows.map(({ date, temperature = "", dewPoint = "", reportType = "FM15", quality = "5", remark = "" }) =>
    [
      stationId,
      "SOMEWHERE",
      date,
      "41.9602",
      "-87.9316",
      "204.8",
      temperature,
      quality,
      reportType,
      "343",
      dewPoint,
      quality,
      reportType,
      "343",
      remark,
    ].join("|"),
  );
  return `${[header.join("|"), ...lines].join("\n")}\n`;
}

/** Routine reports at :51 of every hour from `from` (epoch milliseconds) on. */
export function routineRows(from: number, hours: number, temperatureAt: (hour: number) => number = () => 10): PsvRow[] {
  return Array.from({ length: hours }, (_, hour) => ({
    date: new Date(from + hour * hourMs + 51 * minuteMs).toISOString().slice(0, 19),
    temperature: temperatureAt(hour).toFixed(1),
    dewPoint: (temperatureAt(hour) - 5).toFixed(1),
  }));
}
