import Papa from "papaparse";
import { variables } from "../../model/vocabulary.js";
import type { StationForecast } from "./stationForecast.js";

const fields = "station variable issuedTime validTime leadHours valueC p025 p10 p25 p50 p75 p90 p975".split(" ");

/** `/api/<key>.csv`: a station's newest forecast, one row per variable and hour; °C, ISO 8601 times in UTC. */
export function forecastCsv({ station, issuedTime, forecast }: StationForecast): string {
  const rows = variables.flatMap((variable) =>
    forecast[variable].map(({ validTime, ...hour }) => ({
      station: station.key,
      variable,
      issuedTime: iso(issuedTime!),
      validTime: iso(validTime),
      ...hour,
    })),
  );
  return `${Papa.unparse({ fields, data: rows }, { newline: "\n" })}\n`;
}

const extremeFields = "station kind issuedTime startTime endTime p025 p10 p25 p50 p75 p90 p975 frost heat heatC".split(
  " ",
);

/**
 * `/api/<key>/extremes.csv`: the lows of the next nights and the highs of the next days, with the odds of frost and heat, as
 * in `/api/<key>.json`; °C, ISO 8601 times in UTC.
 */
export function extremesCsv({ station, issuedTime, extremes }: StationForecast): string {
  const rows = extremes.map((extreme) => ({
    ...extreme,
    station: station.key,
    issuedTime: iso(issuedTime!),
    startTime: iso(extreme.startTime),
    endTime: iso(extreme.endTime),
  }));
  return `${Papa.unparse({ fields: extremeFields, data: rows }, { newline: "\n" })}\n`;
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}
