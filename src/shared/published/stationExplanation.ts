import type { ExpertName, Variable } from "../../model/vocabulary.js";
import type { StationSummary } from "./stationSummary.js";

/** `/api/<key>/explanation.json`: what a station's newest forecast is made of. */
export interface StationExplanation {
  schemaVersion: 1;
  station: StationSummary;
  /** When it was issued; null where nothing was. */
  issuedTime: number | null;
  variables: Record<Variable, Explanation>;
}

export interface Explanation {
  leads: number[];
  /** The forecast of each lead, °C. */
  forecastC: number[];
  /** What is now, then what changes it: hundredths of a degree, one a lead, which add up to the forecast. */
  parts: { part: string; hundredths: number[] }[];
  /** What each expert forecasts, °C, and its weight in the mixture; null where it forecasts nothing. */
  experts: { model: ExpertName; forecastC: (number | null)[]; weight: (number | null)[] }[];
}
