import { z } from "zod";
import { modelNames, variables } from "../../model/vocabulary.js";
import { measureNames } from "../measures.js";

/**
 * Schemas shared by the published tables and the site's JSON files. Meanings and units are defined in the schemas only:
 * the data dictionary and the JSON Schemas are generated from them.
 */

/** Unit of times: integers in JSON and in loaders, TIMESTAMPs in Parquet. */
export const timeUnit = "epoch ms, UTC";
export const time = z.number().int().meta({ unit: timeUnit });
export const celsius = z.number().meta({ unit: "°C" });
export const hours = z.number().int().meta({ unit: "h" });
/** A number of the things that `unit` names. */
export const count = (unit: string) => z.number().int().meta({ unit });

export const variable = z.enum(variables).describe("forecast variable");
export const model = z.enum(modelNames).describe("model that made the forecast");
export const leadHours = hours.min(1).describe("hours from the hour of issue to the valid time");
export const stationId = z.string().describe("GHCNh identifier, e.g. USW00013874");
export const validTime = time.describe("hour of the values");
export const temperatureC = celsius.describe("temperature");
export const dewPointC = celsius.describe("dew point");
export const measure = z.enum(measureNames).describe("observed variable");
export const source = z.string().describe("source: ghcnh, awc, nws, isd or simulated");

/** The quantiles of a forecast; null until the model has intervals. */
const quantile = (level: string) => celsius.nullable().describe(level);
export const quantiles = {
  p025: quantile("quantile 2.5 %; with p975 the 95 % interval"),
  p10: quantile("quantile 10 %; with p90 the 80 % interval"),
  p25: quantile("quantile 25 %; with p75 the 50 % interval"),
  p50: quantile("median"),
  p75: quantile("quantile 75 %"),
  p90: quantile("quantile 90 %"),
  p975: quantile("quantile 97.5 %"),
};
