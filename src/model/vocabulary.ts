/** The forecast variables, in the order of every array of the model. */
export const variables = ["temperature", "dewPoint"] as const;
export type Variable = (typeof variables)[number];

/**
 * The quantities observed each hour, in the order of the model's input: the forecast variables, then others that help
 * to forecast them. Units: °C, °C, hPa, m/s, degrees, oktas.
 */
export const quantities = [...variables, "seaLevelPressure", "windSpeed", "windDirection", "cloudCover"] as const;
export type Quantity = (typeof quantities)[number];

/**
 * Where guidance, the forecasts of others, comes from: the National Blend of Models, the hourly forecast of the National
 * Weather Service, and an imported archive of another name.
 */
export const guidanceSources = ["nbm", "nws", "other"] as const;
export type GuidanceSource = (typeof guidanceSources)[number];
/** The source that the model takes stored guidance for, by the name it is stored under. */
export function guidanceSlot(name: string): GuidanceSource {
  return guidanceSources.find((source) => source === name) ?? "other";
}
/** The model that corrects the guidance of a source. */
export type CorrectedGuidance = `${GuidanceSource}Corrected`;
export function correctedOf(source: GuidanceSource): CorrectedGuidance {
  return `${source}Corrected`;
}

/** Every model, baselines first; `mixture` is the published forecast. */
export const modelNames = [
  "persistence",
  "seasonalNaive",
  "climatology",
  "blend",
  "sgd",
  "ownHistory",
  "rls",
  "hourlyRls",
  "rlsTanh",
  "nbm",
  "nbmCorrected",
  "nws",
  "nwsCorrected",
  "other",
  "otherCorrected",
  "mixture",
] as const;
export type ModelName = (typeof modelNames)[number];

/** The naive forecasts; skill is measured against the better of the two. */
export const naiveBaselines = ["persistence", "seasonalNaive"] as const satisfies readonly ModelName[];

/**
 * The baselines that the published forecast is compared with, hour by hour. `sgd` is the original demo's model;
 * `ownHistory` is the regression of a station in a network without the network.
 */
export const comparedBaselines = [
  "persistence",
  "seasonalNaive",
  "climatology",
  "blend",
  "sgd",
  "ownHistory",
  ...guidanceSources,
] as const satisfies readonly ModelName[];

/** The model that issues the published forecasts. */
export const publishedModel = "mixture" as const satisfies ModelName;
/** Index of the published model in `modelNames`. */
export const publishedIndex = modelNames.indexOf(publishedModel);

/** The experts: every model but the mixture of them, in the order of `modelNames`. */
export type ExpertName = Exclude<ModelName, typeof publishedModel>;
export const expertNames = modelNames.filter((name): name is ExpertName => name !== publishedModel);

/** Experts that are scored but have no part in the mixture. */
export const scoredOnly: readonly ExpertName[] = ["sgd", "ownHistory"];

/** The longest lead, in hours. Forecasts are issued for every whole hour from 1 to this. */
export const maxLeadHours = 72;

/** Forecasts outside these bounds, °C, are discarded: records near the ground are -90 and 57 °C. */
export const coldestAirC = -95;
export const warmestAirC = 65;

/** The leads, in hours, that tables and charts show. */
export const reportedLeads = [1, 3, 6, 12, 24, 48, 72] as const;

/**
 * A column is one variable at one lead. Arrays of forecasts have one number per column: all leads of the first
 * variable, then all leads of the second.
 */
export const columnCount = variables.length * maxLeadHours;

/** The column of a variable, given by its index in `variables`, at a lead of 1 to 72 h. */
export function columnOf(variable: number, leadHours: number): number {
  return variable * maxLeadHours + leadHours - 1;
}

/** Index in `variables` of a column's variable. */
export function variableOf(column: number): number {
  return Math.floor(column / maxLeadHours);
}

/** Lead of a column, in hours. */
export function leadOf(column: number): number {
  return (column % maxLeadHours) + 1;
}

/** Sets every column of a variable, given by its index, to one value. */
export function fillVariable(columns: Float32Array, variable: number, value: number): void {
  columns.fill(value, variable * maxLeadHours, (variable + 1) * maxLeadHours);
}

/** The columns of the reported leads, in order. */
export const reportedColumns: readonly number[] = variables.flatMap((_, variable) =>
  reportedLeads.map((lead) => columnOf(variable, lead)),
);

/** Index in `reportedColumns` of every column, -1 where its lead is not reported. */
export const reportedIndex: readonly number[] = Array.from({ length: columnCount }, (_, column) =>
  reportedColumns.indexOf(column),
);

/** Levels of the issued quantiles by their published names, lowest first. */
export const quantileLevels = { p025: 0.025, p10: 0.1, p25: 0.25, p50: 0.5, p75: 0.75, p90: 0.9, p975: 0.975 } as const;
export type QuantileName = keyof typeof quantileLevels;
export const quantileNames = Object.keys(quantileLevels) as QuantileName[];
export const levels = Object.values(quantileLevels);
export const quantileCount = levels.length;
/** Index of the median among the quantiles. */
export const medianIndex = quantileNames.indexOf("p50");

/** What the forecasts of a week or an evening are compared with, in the order of sentences. */
export const scorecardOpponents = [...guidanceSources, "persistence"] as const satisfies readonly ModelName[];
/** What an evening's forecast is compared with, and itself first. */
export const eveningModels = [publishedModel, ...scorecardOpponents] as const;
export type EveningModel = (typeof eveningModels)[number];
