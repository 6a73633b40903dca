// The schemas of everything that comes in: reports as read from files, then the replies of the live services.
import { z } from "zod";
import { parseTime } from "../../shared/clock.js";
import { dewPointToleranceC, type Measure, measures } from "../../shared/measures.js";
import type { QuarantineRow } from "../../shared/published/runTables.js";

/** A value as text in the unit of its measure, empty if missing, with its quality and source codes. */
const RawValue = z.object({ value: z.string(), quality: z.string(), sourceCode: z.string() });
export type RawValue = z.infer<typeof RawValue>;

/** One row of a file as text, in our units. */
export const RawReport = z.object({
  row: z.number().int().min(1).describe("1-based line in the file"),
  stationId: z.string(),
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/)
    .describe("UTC without a zone"),
  reportType: z.string().describe("FM15, FM12, FM16, SAO, …; empty if not given"),
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

/** A valid report; rejected and missing values are null. */
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

/** A clean report without its texts, which would keep the whole file in memory. */
export type Report = Omit<CleanReport, Measure | "stationId" | "date">;

/** Types of rows that are no observations: daily and monthly summaries and modelled radiation. */
const summaryTypes = new Set(["SOD", "SOM", "NSRDB", "PCP15", "PCP60"]);

export function isObservation(reportType: string): boolean {
  return !summaryTypes.has(reportType);
}

/** One failed check; the file and the time are added when it is stored in table `quarantine`. */
export type Failure = Pick<QuarantineRow, "row" | "reportTime" | "schema" | "column" | "check" | "value" | "severity">;

/** A time of a source, epoch milliseconds; null if the text is not a time. */
export function timeOf(text: string): number | null {
  try {
    return parseTime(text);
  } catch {
    return null;
  }
}

/** The failure of a report that has the time and type of another. */
export function duplicateFailure(row: number, reportTime: number, date: string, reportType: string): Failure {
  const value = `${date} ${reportType}`.trim();
  return { row, reportTime, schema: "reports", column: "date", check: "unique", value, severity: "warning" };
}

const shortText = z.string().max(64);
const numeric = z.union([z.number(), shortText]).nullish();

/** One report of the Aviation Weather Center; missing fields are absent or null. */
export const AwcRow = z.object({
  icaoId: z.string().regex(/^[A-Z0-9]{4}$/),
  obsTime: z.union([z.number(), shortText]).describe("observation time: epoch seconds, or text in older replies"),
  receiptTime: shortText.nullish(),
  metarType: shortText.nullish().describe("METAR or SPECI, with COR for a correction"),
  corrected: z.union([z.boolean(), z.number(), shortText]).nullish(),
  rawOb: z.string().max(2000).nullish().describe("the report's own text"),
  temp: numeric.describe("°C"),
  dewp: numeric.describe("°C"),
  wdir: numeric.describe("degrees, or VRB"),
  wspd: numeric.describe("knots"),
  slp: numeric.describe("hPa"),
  cover: shortText.nullish().describe("cover of the most covered layer"),
  clouds: z
    .array(z.object({ cover: shortText }))
    .max(20)
    .nullish(),
  name: z.string().max(200).nullish(),
  lat: z.number().min(-90).max(90).nullish(),
  lon: z.number().min(-180).max(180).nullish(),
  elev: z.number().nullish().describe("metres"),
});
export type AwcRow = z.infer<typeof AwcRow>;

const Measured = z
  .object({
    value: z.union([z.number(), shortText]).nullish(),
    unitCode: shortText.nullish(),
    qualityControl: shortText.nullish(),
  })
  .nullish();

/** One observation of api.weather.gov. */
export const NwsRow = z.object({
  station: z.string().max(200).nullish(),
  timestamp: shortText,
  rawMessage: z.string().max(2000).nullish(),
  temperature: Measured,
  dewpoint: Measured,
  seaLevelPressure: Measured,
  windSpeed: Measured,
  windDirection: Measured,
  cloudLayers: z
    .array(z.object({ amount: shortText.nullish() }))
    .max(20)
    .nullish(),
});
export type NwsRow = z.infer<typeof NwsRow>;

/** One page of observations of api.weather.gov. */
export const NwsPage = z.object({
  features: z.array(z.unknown()),
  pagination: z.object({ next: z.string().max(2000).nullish() }).nullish(),
});

const time = shortText.transform((text, context) => {
  const read = timeOf(text);
  if (read === null) context.addIssue({ code: "custom", message: "not a time" });
  return read ?? z.NEVER;
});

/** The forecast grid of a place, by api.weather.gov. */
export const ForecastPoint = z.object({
  properties: z.object({
    gridId: z.string().regex(/^[A-Z]{3}$/),
    gridX: z.number().int().min(0).max(9999),
    gridY: z.number().int().min(0).max(9999),
  }),
});

export const Quantity = z.object({ value: numeric, unitCode: shortText.nullish() });
/** One hour of a forecast of the National Weather Service. */
export const ForecastPeriod = z.object({
  startTime: time,
  temperature: z.union([z.number(), shortText, Quantity]),
  temperatureUnit: shortText.nullish(),
  dewpoint: Quantity.nullish(),
});
/** An hourly forecast of the National Weather Service; each period is checked by `ForecastPeriod`. */
export const HourlyForecast = z.object({
  properties: z.object({ generatedAt: time, updateTime: time, periods: z.array(z.unknown()).max(400) }),
});
