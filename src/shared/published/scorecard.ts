import { z } from "zod";
import { guidanceSources, publishedModel } from "../../model/vocabulary.js";
import { celsius, count, leadHours, time } from "./fields.js";

/** What the forecasts of a week are compared with, in the order of sentences. */
export const scorecardOpponents = [...guidanceSources, "persistence"] as const;

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

/** "isotherm 1.21, NBM 1.43, persistence 2.90 °C; best on 5 of 7 days": errors and days of a week. */
export function scorecardWords(week: Scorecard, unit: "C" | "F" = "C"): string {
  const { n, maeC, others, days } = week;
  const error = (celsius: number) => (unit === "F" ? celsius * 1.8 : celsius).toFixed(2);
  const own = error(maeC);
  const parts = others.map((other) => {
    const same = error(other.publishedMaeC);
    const note = same === own ? "" : ` (isotherm ${same} over its ${other.n} hours)`;
    return `${opponentName(other)} ${error(other.maeC)}${note}`;
  });
  return `isotherm ${own}, ${parts.join(", ")} °${unit}; best on ${bestDays(week)} of ${days.length} days (n = ${n})`;
}

/** On how many days the published forecast was best. */
export function bestDays({ days }: Scorecard): number {
  return days.filter(({ best }) => best === publishedModel).length;
}

/** The name of what a week is compared with, marked when it was imported. */
export function opponentName({ name, imported }: Pick<Scorecard["others"][number], "name" | "imported">): string {
  return imported ? `${name} (imported)` : name;
}
