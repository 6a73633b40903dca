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

function quantileFields<Value extends z.ZodType>(value: Value) {
  return {
    p025: value.describe("quantile 2.5 %; with p975 the 95 % interval"),
    p10: value.describe("quantile 10 %; with p90 the 80 % interval"),
    p25: value.describe("quantile 25 %; with p75 the 50 % interval"),
    p50: value.describe("median"),
    p75: value.describe("quantile 75 %"),
    p90: value.describe("quantile 90 %"),
    p975: value.describe("quantile 97.5 %"),
  };
}

/** The quantiles of a forecast; null until the model has intervals. */
export const quantiles = quantileFields(celsius.nullable());

/** The quantiles of a low or high, °C. */
export const extremeQuantiles = quantileFields(celsius);

/**
 * How many observed values were between the quantiles of their forecasts.
 * @param values what is counted, such as observations
 */
export function quantileBins(values: string) {
  const bin = (where: string) => count(values).describe(`${values} ${where}`);
  const between = (lower: string, upper: string) => bin(`from quantile ${lower} up to ${upper}`);
  return {
    belowP025: bin("below quantile 2.5 %"),
    belowP10: between("2.5 %", "10 %"),
    belowP25: between("10 %", "25 %"),
    belowP50: between("25 %", "50 %"),
    belowP75: between("50 %", "75 %"),
    belowP90: between("75 %", "90 %"),
    belowP975: between("90 %", "97.5 %"),
    aboveP975: bin("above quantile 97.5 %"),
  };
}
