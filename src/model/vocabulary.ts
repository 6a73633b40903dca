/** The quantities forecast, in the order in which every array of the model holds them. */
export const variables = ["temperature", "dewPoint"] as const;
export type Variable = (typeof variables)[number];

/**
 * What an hour is observed to be, in the order in which the model takes it: the variables forecast, then what may
 * help. Units: °C, °C, hPa, m/s, degrees, oktas.
 */
export const quantities = [...variables, "seaLevelPressure", "windSpeed", "windDirection", "cloudCover"] as const;
export type Quantity = (typeof quantities)[number];

/** Every forecaster, baselines first; `mixture` is what is published. */
export const modelNames = [
  "persistence",
  "seasonalNaive",
  "climatology",
  "blend",
  "sgd",
  "rls",
  "hourlyRls",
  "rlsTanh",
  "official",
  "officialCorrected",
  "mixture",
] as const;
export type ModelName = (typeof modelNames)[number];

/** Naive forecasts that cost nothing; skill is measured against the better of the two. */
export const naiveBaselines = ["persistence", "seasonalNaive"] as const satisfies readonly ModelName[];

/**
 * What the published forecast is compared with, error by error: what costs nothing or next to it, the seed's, and the
 * official one where there is one.
 */
export const comparedBaselines = [
  "persistence",
  "seasonalNaive",
  "climatology",
  "blend",
  "sgd",
  "official",
] as const satisfies readonly ModelName[];

/** The model whose forecasts are issued. */
export const publishedModel = "mixture" as const satisfies ModelName;

/** Those that it mixes, in the order of `modelNames`. */
export type ExpertName = Exclude<ModelName, typeof publishedModel>;
export const expertNames = modelNames.filter((name): name is ExpertName => name !== publishedModel);

/** Forecasts are made for every whole hour from 1 to this lead, in hours. */
export const maxLeadHours = 72;

/** Air near the ground was never measured beyond -90 to 57 °C: a forecast beyond these, °C, is none. */
export const coldestAirC = -95;
export const warmestAirC = 65;

/** Leads, in hours, that tables and charts show. */
export const reportedLeads = [1, 3, 6, 12, 24, 48, 72] as const;

/** Levels of the issued quantiles, with the column names they are published under. */
export const quantileLevels = { p025: 0.025, p10: 0.1, p25: 0.25, p50: 0.5, p75: 0.75, p90: 0.9, p975: 0.975 } as const;
export type QuantileName = keyof typeof quantileLevels;

/** Columns of a forecast: variable·72 + lead - 1. */
export const columnCount = variables.length * maxLeadHours;

export function columnOf(variable: number, leadHours: number): number {
  return variable * maxLeadHours + leadHours - 1;
}

export const levels = Object.values(quantileLevels);

/** Names of the quantiles, lowest first. */
export const quantileNames = Object.keys(quantileLevels) as QuantileName[];

export const quantileCount = levels.length;
