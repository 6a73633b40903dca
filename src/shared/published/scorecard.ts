import { z } from "zod";
import { type GuidanceSource, guidanceSources, publishedModel } from "../../model/vocabulary.js";
import { standardOffset } from "../time.js";
import { extremeKind } from "./extremeTables.js";
import { celsius, count, extremeQuantiles, leadHours, stationId, time } from "./fields.js";

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

/** What an evening's forecast is compared with, and itself first. */
export const eveningModels = [publishedModel, ...scorecardOpponents] as const;
export type EveningModel = (typeof eveningModels)[number];

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
/** A row of `/api/<key>/evenings.parquet`. */
export type EveningForecastRow = Omit<StationEvening, "tally">;

/** A tally counts at most so many nights or days. */
export const tallyNights = 30;

const names: Readonly<Record<EveningModel, string>> = {
  [publishedModel]: "isotherm",
  nbm: "NBM",
  nws: "NWS",
  other: "imported guidance",
  persistence: "persistence",
};

export function eveningModelName(model: EveningModel): string {
  return names[model];
}

/** What each model said, °C; the published one's median first. Models without a forecast are left out. */
export function saidBy(row: EveningForecastRow): { model: EveningModel; valueC: number }[] {
  const values = { [publishedModel]: row.p50, ...guidanceOf(row), persistence: row.persistenceC };
  return eveningModels.flatMap((model) => {
    const valueC = values[model];
    return valueC === null ? [] : [{ model, valueC }];
  });
}

function guidanceOf(row: EveningForecastRow): Record<GuidanceSource, number | null> {
  return { nbm: row.nbmC, nws: row.nwsC, other: row.otherC };
}

/** Who was nearest to what came; null while that is unknown. The published model only without a tie. */
export function nearestOf(row: EveningForecastRow): EveningModel | null {
  const { truthC } = row;
  if (truthC === null) return null;
  const [own, ...others] = saidBy(row).map(({ model, valueC }) => ({ model, error: errorOf(valueC, truthC) }));
  // From the strongest opponent on, so that the first of equal ones stays.
  const best = others.reduce((a, b) => (b.error < a.error ? b : a), others[0] ?? own!);
  return own!.error < best.error ? own!.model : best.model;
}

/** Absolute error, °C; in tenths, as the values are, so that equal ones are equal. */
export function errorOf(valueC: number, truthC: number): number {
  return Math.abs(Math.round((valueC - truthC) * 10)) / 10;
}

/** Whether what came is inside the 80 % interval. */
export function isInside({ p10, p90, truthC }: Pick<EveningRow, "p10" | "p90" | "truthC">): boolean {
  return truthC !== null && p10 <= truthC && truthC <= p90;
}

/** The tallies of an evening's kind up to it. */
export function talliesOf(rows: readonly EveningForecastRow[], upTo: EveningForecastRow): StationEvening["tally"] {
  const decided = rows.filter(
    ({ kind, issuedTime, truthC }) => kind === upTo.kind && issuedTime <= upTo.issuedTime && truthC !== null,
  );
  return {
    live: tallyOf(decided.filter(({ live }) => live)),
    replayed: tallyOf(decided.filter(({ live }) => !live)),
  };
}

/** The tally of the newest of decided rows, oldest first; null without any. */
function tallyOf(decided: readonly EveningForecastRow[]): EveningTally | null {
  const rows = decided.slice(-tallyNights);
  if (rows.length === 0) return null;
  const nearest = rows.map(nearestOf);
  return {
    n: rows.length,
    inside: rows.filter(isInside).length,
    models: eveningModels.flatMap((model) => {
      const errors = rows.flatMap((row) => {
        const said = saidBy(row).find((one) => one.model === model);
        return said ? [errorOf(said.valueC, row.truthC!)] : [];
      });
      if (errors.length === 0) return [];
      const maeC = Math.round((errors.reduce((a, b) => a + b) / errors.length) * 100) / 100;
      return [{ model, n: errors.length, nearest: nearest.filter((one) => one === model).length, maeC }];
    }),
  };
}

/** "isotherm nearest 17, NBM 9, persistence 4; inside the 80 % range 25" */
export function tallyWords({ models, n, inside }: EveningTally): string {
  const counts = models.map(({ model, n: forecast, nearest }, i) => {
    const of = forecast < n ? ` (of ${forecast})` : "";
    return `${eveningModelName(model)}${i === 0 ? " nearest" : ""} ${nearest}${of}`;
  });
  return `${counts.join(", ")}; inside the 80 % range ${inside}`;
}

/** The date of an evening at its station, such as "2025-08-30": its name in addresses. */
export function eveningName(issuedTime: number, timeZone: string): string {
  return new Date(issuedTime + standardOffset(issuedTime, timeZone)).toISOString().slice(0, 10);
}
