import { z } from "zod";

/** How far a dew point may lie above the temperature, °C: each may have been rounded to whole degrees on its own. */
export const dewPointToleranceC = 0.5;

/**
 * What a report measures, by its name in table `hours`. `column` is its name, unit included, in table `reports`;
 * `range` is what is physically possible; `spike` is the largest believable change, in its unit, within 3 hours.
 * The sharpest real ones in ten years at twelve airports are 18.9 °C, 27.2 °C (a dry line) and 8.1 hPa.
 */
export const measures = {
  temperature: { column: "temperatureC", range: [-90, 60], spike: 20 },
  dewPoint: { column: "dewPointC", range: [-90, 60], spike: 30 },
  seaLevelPressure: { column: "seaLevelPressureHpa", range: [850, 1090], spike: 15 },
  windSpeed: { column: "windSpeedMs", range: [0, 115], spike: Number.POSITIVE_INFINITY },
  windDirection: { column: "windDirectionDeg", range: [0, 360], spike: Number.POSITIVE_INFINITY },
  cloudCover: { column: "cloudCoverOktas", range: [0, 8], spike: Number.POSITIVE_INFINITY },
} as const;
export type Measure = keyof typeof measures;
export const measureNames = Object.keys(measures) as Measure[];
export type MeasureColumn = (typeof measures)[Measure]["column"];

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
