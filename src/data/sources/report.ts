import { z } from "zod";
import { dewPointToleranceC, type Measure, measures } from "../../shared/measures.js";
import type { QuarantineRow } from "../../shared/published/published.js";

/** A value as text in the unit of its measure, empty when missing, with the codes its quality is judged by. */
const RawValue = z.object({ value: z.string(), quality: z.string(), sourceCode: z.string() });
export type RawValue = z.infer<typeof RawValue>;

/** One row of a file, as written there but for the units. */
export const RawReport = z.object({
  row: z.number().int().min(1).describe("1-based line in the file"),
  stationId: z.string(),
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/)
    .describe("UTC without a zone"),
  reportType: z.string().describe("FM15, FM12, FM16, SAO, …; empty when not given"),
  corrected: z.boolean().describe("marked COR"),
  temperature: RawValue,
  dewPoint: RawValue,
  seaLevelPressure: RawValue,
  windSpeed: RawValue,
  windDirection: RawValue,
  cloudCover: RawValue,
});
export type RawReport = z.infer<typeof RawReport>;

const measured = (measure: Measure) => {
  const [min, max] = measures[measure].range;
  return z.number().min(min).max(max).nullable();
};

/** A report whose values passed; those that did not, or were missing, are null. */
export const CleanReport = RawReport.extend({
  reportTime: z.number().int().describe("epoch milliseconds"),
  temperatureC: measured("temperature"),
  dewPointC: measured("dewPoint"),
  seaLevelPressureHpa: measured("seaLevelPressure"),
  windSpeedMs: measured("windSpeed"),
  windDirectionDeg: measured("windDirection"),
  cloudCoverOktas: measured("cloudCover"),
}).refine(
  ({ temperatureC, dewPointC }) =>
    temperatureC === null || dewPointC === null || dewPointC <= temperatureC + dewPointToleranceC,
  { path: ["dewPointC"], message: "dew point above temperature", params: { check: "dewPoint" } },
);
export type CleanReport = z.infer<typeof CleanReport>;

/** What is kept of a clean report: the text it came from would keep the whole file in memory. */
export type Report = Omit<CleanReport, Measure | "stationId" | "date">;

/** Daily and monthly summaries and modelled radiation stand in the same files but observe nothing. */
const summaryTypes = new Set(["SOD", "SOM", "NSRDB", "PCP15", "PCP60"]);

export function isObservation(reportType: string): boolean {
  return !summaryTypes.has(reportType);
}

/** One failed check; where and when it was seen is added when it is stored. */
export type Failure = Pick<QuarantineRow, "row" | "reportTime" | "schema" | "column" | "check" | "value" | "severity">;
