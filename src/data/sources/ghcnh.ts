import { isCorrection } from "./metarText.js";
import type { RawValue } from "./schemas.js";
import type { FileSource } from "./source.js";
import { type Header, openTable, placeReader } from "./table.js";

type Cells = readonly string[];

/**
 * GHCNh, the Global Historical Climatology Network hourly: one psv file per station and year.
 * Its 329 columns (238 in v1.0, without DATE) are found by name.
 */
export const ghcnh: FileSource<"ghcnh"> = {
  name: "ghcnh",
  roots: ["", "hourly"],
  file: (station, year) => `access/by-year/${year}/psv/GHCNh_${station.stationId}_${year}.psv`,
  idOf: (station) => station.stationId,
  // psv has no quoting, so splitting at bars suffices and takes a third of the time of a CSV parser.
  open: (lines, file) => openTable(lines, file, (line) => line.split("|"), rowReader),
};

function rowReader(header: Header) {
  const stationId = header.required("STATION", "Station_ID");
  const date = dateReader(header);
  const temperature = valueReader(header, "temperature", true);
  const dewPoint = valueReader(header, "dew_point_temperature", true);
  const seaLevelPressure = valueReader(header, "sea_level_pressure");
  const windSpeed = valueReader(header, "wind_speed");
  const windDirection = valueReader(header, "wind_direction");
  const skyCovers = [1, 2, 3, 4].map((layer) => valueReader(header, `sky_cover_summation_${layer}`));
  const remark = header.column("REM", "remarks");
  // Nearly always the same within a row; the first one given counts.
  const reportTypes = [
    "temperature",
    "dew_point_temperature",
    "sea_level_pressure",
    "wind_speed",
    "REM",
    "remarks",
  ].map((variable) => header.column(`${variable}_Report_Type`));

  return {
    stationId,
    place: placeReader(header, "Station_name"),
    report: (cells: Cells, row: number) => ({
      row,
      stationId: stationId(cells),
      date: date(cells),
      reportType: reportTypeOf(firstGiven(cells, reportTypes)),
      corrected: isCorrection(remark(cells)),
      temperature: temperature(cells),
      dewPoint: dewPoint(cells),
      seaLevelPressure: seaLevelPressure(cells),
      windSpeed: windSpeed(cells),
      windDirection: windDirectionOf(windDirection(cells), windSpeed(cells)),
      cloudCover: totalCover(skyCovers.map((read) => read(cells))),
    }),
  };
}

/** DATE, or its five parts as in v1.0; a part that is not a number is kept for validation to report. */
function dateReader(header: Header): (cells: Cells) => string {
  if (header.has("DATE") || !header.has("Year")) return header.required("DATE");
  const parts = ["Year", "Month", "Day", "Hour", "Minute"].map((name) => header.required(name));
  return (cells) => {
    const [year, month, day, hour, minute] = parts.map((part) => part(cells).trim().replace(/^\d$/, "0$&"));
    return `${year}-${month}-${day}T${hour}:${minute}:00`;
  };
}

function valueReader(header: Header, variable: string, required = false): (cells: Cells) => RawValue {
  const find = required ? header.required.bind(header) : header.column.bind(header);
  const value = find(variable);
  const quality = find(`${variable}_Quality_Code`);
  const sourceCode = find(`${variable}_Source_Code`);
  return (cells) => ({ value: value(cells), quality: quality(cells), sourceCode: sourceCode(cells) });
}

function firstGiven(cells: Cells, readers: readonly ((cells: Cells) => string)[]): string {
  for (const read of readers) if (read(cells) !== "") return read(cells);
  return "";
}

/** `FM15` from `FM15-METAR Aviation routine weather report`, as v1.0.1 has it. */
function reportTypeOf(text: string): string {
  const dash = text.indexOf("-");
  return (dash < 0 ? text : text.slice(0, dash)).trim();
}

/** A variable wind (999) or a calm has no direction. */
function windDirectionOf(direction: RawValue, speed: RawValue): RawValue {
  const none = direction.value === "999" || Number(speed.value || Number.NaN) === 0;
  return none ? { ...direction, value: "" } : direction;
}

/** Cover accumulates from below, so the largest is the total; codes above 8 oktas mean not observed. */
function totalCover(layers: readonly RawValue[]): RawValue {
  let total: RawValue = { value: "", quality: "", sourceCode: "" };
  for (const layer of layers) {
    const oktas = /^\d{1,2}/.exec(layer.value)?.[0];
    if (oktas === undefined || Number(oktas) > 8) continue;
    if (total.value === "" || Number(oktas) > Number(total.value)) total = { ...layer, value: oktas };
  }
  return total;
}
