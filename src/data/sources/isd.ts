import { isCorrection } from "./metarText.js";
import { isdSourceCode } from "./quality.js";
import type { RawValue } from "./schemas.js";
import type { FileSource } from "./source.js";
import { type Header, openTable, placeReader, splitCsv } from "./table.js";

type Cells = readonly string[];

const lastYear = 2025;

/** ISD global-hourly, frozen since August 2025: one CSV file per station and year, with columns found by name. */
export const isd: FileSource<"isd"> = {
  name: "isd",
  roots: ["", "isd"],
  file: (station, year) =>
    station.isdId === null || year > lastYear ? null : `data/global-hourly/access/${year}/${station.isdId}.csv`,
  idOf: (station) => station.isdId,
  open: (lines, file) => openTable(lines, file, splitCsv, rowReader),
};

function rowReader(header: Header) {
  const stationId = header.required("STATION");
  const date = header.required("DATE");
  const reportType = header.required("REPORT_TYPE");
  const temperature = header.required("TMP");
  const dewPoint = header.required("DEW");
  const [pressure, wind, cover, remark] = ["SLP", "WND", "GF1", "REM"].map((column) => header.column(column));

  return {
    stationId,
    place: placeReader(header, "NAME"),
    report: (cells: Cells, row: number) => {
      const [direction = "", directionQuality = "", , speed = "", speedQuality = ""] = wind!(cells).split(",");
      const [oktas = "", , oktasQuality = ""] = cover!(cells).split(",");
      const windSpeed = value(tenths(speed, "9999"), speedQuality);
      const noDirection = direction === "999" || windSpeed.value === "0.0";
      return {
        row,
        stationId: stationId(cells),
        date: date(cells),
        reportType: reportType(cells).trim().replace("-", ""),
        corrected: isCorrection(remark!(cells)),
        temperature: tenthsWithQuality(temperature(cells), "+9999"),
        dewPoint: tenthsWithQuality(dewPoint(cells), "+9999"),
        seaLevelPressure: tenthsWithQuality(pressure!(cells), "99999"),
        windSpeed,
        windDirection: value(noDirection ? "" : direction, directionQuality),
        cloudCover: value(Number(oktas) > 8 ? "" : oktas, oktasQuality),
      };
    },
  };
}

function value(text: string, quality: string): RawValue {
  return { value: text, quality, sourceCode: isdSourceCode };
}

/** `"+0150,5"` is 15.0 of quality 5. */
function tenthsWithQuality(cell: string, missing: string): RawValue {
  const [text = "", quality = ""] = cell.split(",");
  return value(tenths(text, missing), quality);
}

/** Tenths as a decimal; text that is not an integer is kept for validation to report. */
function tenths(text: string, missing: string): string {
  if (text === missing || text === "") return "";
  return /^[+-]?\d+$/.test(text) ? (Number(text) / 10).toFixed(1) : text;
}
