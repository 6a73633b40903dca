import { z } from "zod";
import { eveningModels, publishedModel, scorecardOpponents } from "../../model/vocabulary.js";
import { extremeKind } from "./extremeTables.js";
import { celsius, count, extremeQuantiles, leadHours, stationId, time } from "./fields.js";

/** A week of forecasts compared with others; temperature. */
export const Scorecard = z.object({
  from: time.describe("first hour of the seven days (UTC)"),
  to: time.describe("end of the seven days, not included"),
  leadHours,
  n: count("forecasts").describe("forecasts of the published model scored"),
  maeC: celsius.describe("their mean absolute error"),
  others: z
    .array(
      z.object({
        model: z.enum(scorecardOpponents).describe("source of guidance, or persistence"),
        name: z.string().describe("its name; that of an imported archive is its own"),
        imported: z.boolean().describe("whether all of this guidance was imported from an archive"),
        n: count("forecasts").describe("forecasts scored: the hours with both"),
        maeC: celsius.describe("mean absolute error"),
        publishedMaeC: celsius.describe("mean absolute error of the published forecast at the same hours"),
      }),
    )
    .describe("what it is compared with: sources of guidance with at least three days, and persistence"),
  days: z
    .array(
      z.object({
        day: time.describe("first hour of the day"),
        best: z
          .enum([publishedModel, ...scorecardOpponents])
          .describe("model with the smallest mean error; the published one only without a tie"),
      }),
    )
    .describe("the scored days, oldest first"),
});
export type Scorecard = z.infer<typeof Scorecard>;

const guidanceC = (what: string) =>
  celsius
    .nullable()
    .describe(`extreme of the hourly forecasts of ${what}, as known at the hour of issue; null when it had none`);

export const EveningRow = z
  .object({
    stationId,
    issuedTime: time.describe("first hour of the night, 18 o'clock standard time: the hour of issue"),
    madeTime: time.describe("when a run made the forecast"),
    live: z
      .boolean()
      .describe("whether it was made within the hour of issue; such rows never change, others are replayed or late"),
    kind: extremeKind,
    endTime: time.describe("last hour of the night or day"),
    digest: z.string().describe("first 16 hexadecimal digits of the SHA-256 of the hour's whole forecast"),
    entry: z.number().int().min(1).nullable().describe("ledger entry that records this digest"),
    ...extremeQuantiles,
    frost: z.number().min(0).max(1).meta({ unit: "share" }).nullable().describe("odds of frost; null for highs"),
    persistenceC: celsius.nullable().describe("the low of the night before, or the high of the day so far"),
    nbmC: guidanceC("the National Blend of Models"),
    nwsC: guidanceC("the National Weather Service"),
    otherC: guidanceC("an imported archive of another name"),
    truthC: celsius
      .nullable()
      .describe("what came; null until the window has ended, and when more than one of its hours is missing"),
    hoursMissing: count("hours").min(0).nullable().describe("hours without a temperature; null until the window ended"),
  })
  .describe(
    "Each evening's forecast of the low of the night and the high of the next day, what guidance and persistence said, and what came. Live forecasts since the first, replayed ones of the last year.",
  );
export type EveningRow = z.infer<typeof EveningRow>;

/** Who was nearest how often; temperature. */
export const EveningTally = z.object({
  n: count("nights or days").describe("the newest decided ones, at most thirty"),
  inside: count("nights or days").describe("how many of them came inside the 80 % interval"),
  models: z
    .array(
      z.object({
        model: z.enum(eveningModels).describe("published model, source of guidance, or persistence"),
        n: count("nights or days").describe("how many it forecast"),
        nearest: count("nights or days").describe(
          "how often it was nearest; the published model only without a tie, other ties count for the first",
        ),
        maeC: celsius.describe("mean absolute error"),
      }),
    )
    .describe("those with a forecast, the published model first"),
});
export type EveningTally = z.infer<typeof EveningTally>;

/** An evening's low or high, and the tally up to it. */
export const StationEvening = EveningRow.omit({ stationId: true }).extend({
  tally: z
    .object({
      live: EveningTally.nullable().describe("of this and earlier live forecasts; null without any"),
      replayed: EveningTally.nullable().describe("of replayed and late ones; null without any"),
    })
    .describe("who was nearest how often, up to this one"),
});
export type StationEvening = z.infer<typeof StationEvening>;
