import { z } from "zod";
import { celsius, count, leadHours, model, stationId, time, variable } from "./fields.js";

export const ModelRow = z
  .object({
    stationId,
    inNetwork: z.boolean().describe("whether its regressions also see the observations of a network of stations"),
    latitude: z
      .number()
      .meta({ unit: "°" })
      .nullable()
      .describe("latitude that the model uses, which never changes; null outside the network"),
    longitude: z
      .number()
      .meta({ unit: "°" })
      .nullable()
      .describe("longitude that the model uses, which never changes; null outside the network"),
    heatC: celsius
      .nullable()
      .describe("threshold of heat that is configured; null for the 95 % quantile of the station's highs so far"),
    priorDigest: z
      .string()
      .nullable()
      .describe("SHA-256 of the prior: what its regressions started with; null when they started with nothing"),
    priorStations: z.string().nullable().describe("stations that the prior was made from, separated by spaces"),
    priorFirstTime: time.nullable().describe("first hour that the prior was made from"),
    priorLastTime: time.nullable().describe("last hour that the prior was made from"),
  })
  .describe("What each station's model learned with beside its own observations.");
export type ModelRow = z.infer<typeof ModelRow>;

export const ExpertWeightRow = z
  .object({
    stationId,
    variable,
    model: model.describe("the expert"),
    leadHours,
    time: time.describe("hour of issue at which it had this weight"),
    weight: z.number().meta({ unit: "share" }).describe("share in the mixture; the shares at one time add up to 1"),
  })
  .describe(
    "Weights of the experts in the mixture: weekly at the reported leads, and at every lead of the newest forecast.",
  );

export const SnapshotRow = z
  .object({
    snapshotId: z.string().describe("SHA-256 of configuration, hours learned and state"),
    parentId: z.string().nullable().describe("previous snapshot; null for the first after the training start"),
    stationId,
    throughTime: time.describe("last hour learned"),
    hoursConsumed: count("h").describe("hours learned since the training start"),
    hoursDigest: z.string().describe("chained SHA-256 of the hours learned"),
    configDigest: z.string().describe("SHA-256 of the configuration"),
    stateBytes: count("bytes").describe("size of the state"),
    kept: z.boolean().describe("whether the state is still stored"),
  })
  .describe("The chain of snapshots, each the complete state of a station's model after an hour.");
export type SnapshotRow = z.infer<typeof SnapshotRow>;

export const WeightRow = z
  .object({
    stationId,
    snapshotId: z.string().describe("snapshot that the weight is from"),
    variable,
    leadHours,
    feature: z
      .string()
      .describe(
        "feature of the regression, e.g. T₋0 for the newest temperature, or p′ 500 km WNW for the pressure anomaly there",
      ),
    weight: z.number().meta({ unit: "°C" }).describe("°C per unit of the scaled feature"),
  })
  .describe(
    "Weights of the recursive least squares regression at each snapshot with a kept state, rounded to a thousandth.",
  );

export const ExplanationRow = z
  .object({
    stationId,
    issuedTime: time.describe("when the explained forecast was issued"),
    variable,
    leadHours,
    part: z
      .string()
      .describe(
        "feature, or `now` for the newest observation, or what other stations report at a point around, e.g. warmer air nearby",
      ),
    contributionC: celsius.describe("contribution to the forecast, rounded to a hundredth"),
  })
  .describe(
    "The newest forecast in parts: the newest observation and the contribution of each feature, which add up to it exactly.",
  );
