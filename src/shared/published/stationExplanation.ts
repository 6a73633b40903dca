import type { ExpertName, Variable } from "../../model/vocabulary.js";
import type { StationSummary } from "./stationSummary.js";

/** `/api/<key>/explanation.json`: the parts of a station's newest forecast. */
export interface StationExplanation {
  schemaVersion: 1;
  station: StationSummary;
  /** When it was issued; null without a forecast. */
  issuedTime: number | null;
  variables: Record<Variable, Explanation>;
}

export interface Explanation {
  leads: number[];
  /** The forecast at each lead, °C. */
  forecastC: number[];
  /** The newest observation (`now`), then the contribution of each feature: hundredths of °C per lead, which add up to the forecast. */
  parts: { part: string; hundredths: number[] }[];
  /** Each expert's forecast, °C, and weight in the mixture; null without a forecast. */
  experts: { model: ExpertName; forecastC: (number | null)[]; weight: (number | null)[] }[];
}
