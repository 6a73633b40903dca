import { z } from "zod";
import { modelNames, publishedModel, rivals, variables } from "../model/vocabulary.js";
import { measureNames } from "./report.js";

/**
 * What `publish` leaves in `<home>/published/`, replaced as one folder: a Parquet file for each table below
 * (`<table>.parquet`, zstd, sorted, so that equal content has equal bytes) and `manifest.json`.
 * Times are UTC TIMESTAMPs in Parquet; a loader reads them as epoch milliseconds (`epoch_ms(t)::DOUBLE`).
 */
const time = z.number().int().describe("epoch milliseconds, UTC");
const stationId = z.string().describe("GHCNh identifier, e.g. USW00013874");
const variable = z.enum(variables);
const model = z.enum(modelNames);
const leadHours = z.number().int().min(1).describe("hours from issue to valid time");
/** Persistence, the value at issue, is what any forecast has to beat. */
export const liveModels = ["persistence", "official", publishedModel] as const;
const source = z.string().describe("ghcnh, awc, nws, isd or simulated");
const celsius = z.number().describe("degrees Celsius");

export const StationRow = z.object({
  stationId,
  icao: z.string().nullable(),
  name: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  elevationM: z.number().nullable(),
  timeZone: z.string().describe("IANA zone of the station"),
  genesisTime: time.nullable().describe("first hour the model was trained on"),
  newestObservedTime: time.nullable(),
  newestIssuedTime: time.nullable().describe("newest forecast"),
  hoursObserved: z.number().int().describe("hours with a temperature since genesis"),
  hoursMissing: z.number().int().describe("hours without one between genesis and the newest observation"),
  rowsQuarantined: z.number().int().describe("reports of which something failed a check and was not used"),
  valuesCorrected: z.number().int().describe("values that have changed since they were first seen"),
  valuesLate: z.number().int().describe("values that came after their hour had been learned as missing"),
  simulated: z.boolean(),
});

export const HourRow = z.object({
  stationId,
  validTime: time,
  temperatureC: celsius.nullable(),
  dewPointC: celsius.nullable(),
  temperatureSource: source.nullable(),
  dewPointSource: source.nullable(),
});

/** Values of the last 60 days that are not what was first seen, or came too late to be learned. */
export const CorrectionRow = z.object({
  stationId,
  validTime: time,
  variable: z.enum(measureNames),
  firstValue: z.number().describe("what the model learned, unless it came late or its station was rebuilt"),
  firstSource: source,
  firstSeenTime: time,
  value: z.number().nullable().describe("as known now; null when it was withdrawn"),
  source,
  reportTime: time.describe("when the report chosen now was made"),
  corrections: z.number().int().describe("how often the value has changed"),
  late: z.boolean().describe("came after the loop had passed its hour"),
});

/** Hours as the model took them in, those at which anything was observed; see `corrections` for what was not. */
export const LearnedHourRow = z.object({
  stationId,
  validTime: time,
  temperatureC: celsius.nullable(),
  dewPointC: celsius.nullable(),
  seaLevelPressureHpa: z.number().nullable(),
  windSpeedMs: z.number().nullable(),
  windDirectionDeg: z.number().nullable().describe("where it comes from"),
  cloudCoverOktas: z.number().nullable(),
});

/** Forecasts issued in the last 13 days by the published model; baselines for the newest issue only. */
export const ForecastRow = z.object({
  stationId,
  issuedTime: time,
  madeTime: time.describe("when a run made it: within the hour of issuedTime, or it was late, or a replay"),
  leadHours,
  variable,
  model,
  valueC: celsius,
  p025: celsius.nullable(),
  p10: celsius.nullable(),
  p25: celsius.nullable(),
  p50: celsius.nullable(),
  p75: celsius.nullable(),
  p90: celsius.nullable(),
  p975: celsius.nullable(),
});

/** The National Weather Service's forecasts first seen in the last 60 days, one set of leads each time they had changed. */
export const OfficialForecastRow = z.object({
  stationId,
  issuedTime: time.describe("the whole hour in which it was first seen"),
  generatedTime: time.describe("when the service wrote the reply"),
  updateTime: time.describe("when the forecast was last changed there"),
  leadHours,
  temperatureC: celsius,
  dewPointC: celsius.nullable(),
});

/**
 * The National Weather Service's forecasts that the model has seen since genesis, each as far ahead as it was taken from;
 * the model sees one from the hour after it was issued until the next, for a day at most.
 */
export const LearnedOfficialRow = OfficialForecastRow.pick({
  stationId: true,
  issuedTime: true,
  leadHours: true,
  temperatureC: true,
  dewPointC: true,
});

/** Errors of the forecasts that came due in one calendar month (UTC, of the valid time); every lead, every model. */
export const ScoreRow = z.object({
  stationId,
  variable,
  model,
  leadHours,
  month: time.describe("first hour of the month"),
  n: z.number().int().describe("forecasts scored"),
  mae: celsius,
  bias: celsius.describe("mean of forecast minus observation"),
  rmse: celsius,
});

/**
 * Errors of forecasts made on time only, none of them replayed, where the value at issue was observed; by calendar month
 * of the valid time. The official forecast is the one that stood when ours was issued.
 */
export const LiveScoreRow = ScoreRow.extend({
  model: z.enum(liveModels),
  paired: z.boolean().describe("over the hours only that the official forecast spoke of, the same for all three"),
});

/** EWMAE every 73 hours, so that no hour of the day is favoured; leads of `reportedLeads`. */
export const EwmaeRow = z.object({
  stationId,
  variable,
  model,
  leadHours,
  time,
  n: z.number().int().describe("errors averaged so far"),
  validation: celsius.describe("forecast made before the update, ε = 0.1, started at 0"),
  training: celsius.describe("forecast made after the update, ε = 0.1, started at 0"),
  validationCorrected: celsius.describe("divided by 1-(1-ε)ⁿ"),
  trainingCorrected: celsius.describe("divided by 1-(1-ε)ⁿ"),
  validationSlow: celsius.describe("ε = 0.001, corrected"),
});

/** Errors by hour of the day (UTC) of the valid time; leads of `reportedLeads`. */
export const ScoreByHourRow = ScoreRow.pick({
  stationId: true,
  variable: true,
  model: true,
  leadHours: true,
  month: true,
  n: true,
  mae: true,
  bias: true,
  rmse: true,
}).extend({ hourOfDay: z.number().int().min(0).max(23) });

/** How the issued quantiles did in one month: CRPS, and how many observations fell between which of them. */
export const CalibrationRow = z.object({
  stationId,
  variable,
  leadHours,
  month: time.describe("first hour of the month"),
  n: z.number().int(),
  crps: celsius,
  belowP025: z.number().int(),
  belowP10: z.number().int().describe("from p025 up to p10, and so on"),
  belowP25: z.number().int(),
  belowP50: z.number().int(),
  belowP75: z.number().int(),
  belowP90: z.number().int(),
  belowP975: z.number().int(),
  aboveP975: z.number().int(),
  pinballP025: celsius.describe("mean pinball loss of the quantile p025, and so on"),
  pinballP10: celsius,
  pinballP25: celsius,
  pinballP50: celsius,
  pinballP75: celsius,
  pinballP90: celsius,
  pinballP975: celsius,
});

/** The same by hour of the day (UTC) of the valid time; leads of `reportedLeads`. */
export const CalibrationByHourRow = CalibrationRow.extend({ hourOfDay: z.number().int().min(0).max(23) });

/**
 * Errors of a rival in a day (UTC, of the valid time), and of the published forecast at the hours at which both had one;
 * leads of `reportedLeads`. How sure a difference is follows from how it varies from day to day.
 */
export const DailyLossRow = z.object({
  stationId,
  variable,
  leadHours,
  model: z.enum(rivals),
  day: time.describe("first hour of the day"),
  n: z.number().int().describe("hours at which both had a forecast"),
  mae: celsius.describe("of the rival, to the hundredth"),
  publishedMae: celsius.describe("of the published forecast at the same hours, to the hundredth"),
});

/** The forecasts that were furthest off: of each month the worst days, of each of them the worst hour; leads of `reportedLeads`. */
export const WorstMissRow = z.object({
  stationId,
  variable,
  leadHours,
  validTime: time,
  forecastC: celsius,
  observedC: celsius,
  p025: celsius.nullable().describe("lower bound of the 95 % interval"),
  p975: celsius.nullable().describe("upper bound of the 95 % interval"),
});

/** Weights of the experts in the mixture: every week at the leads of `reportedLeads`, and at the newest issue at all. */
export const ExpertWeightRow = z.object({ stationId, variable, model, leadHours, time, weight: z.number() });

/** Hours at which the forecasts, one hour or a day ahead, were found to have shifted to one side. */
export const AlarmRow = z.object({
  stationId,
  variable,
  time,
  side: z.enum(["forecasts too high", "forecasts too low"]),
});

export const SnapshotRow = z.object({
  snapshotId: z.string().describe("SHA-256 of configuration, hours consumed and state"),
  parentId: z.string().nullable().describe("null for the first of a lineage"),
  stationId,
  throughTime: time.describe("last hour consumed"),
  hoursConsumed: z.number().int(),
  hoursDigest: z.string().describe("running SHA-256 of the hours consumed"),
  configDigest: z.string(),
  stateBytes: z.number().int().describe("size of the state"),
  kept: z.boolean().describe("whether the state itself is still stored"),
});

/** Weights of the shared-gain recursive least squares, at each snapshot whose state is kept. */
export const WeightRow = z.object({
  stationId,
  snapshotId: z.string(),
  variable,
  leadHours,
  feature: z.string(),
  weight: z.number().describe("°C for one unit of the scaled feature"),
});

/** What the newest forecast is made of: the newest observation and what changes it, which add up to it exactly. */
export const ExplanationRow = z.object({
  stationId,
  issuedTime: time,
  variable,
  leadHours,
  part: z.string().describe("a feature, or what is now"),
  contributionC: celsius.describe("to the hundredth"),
});

export const QuarantineRow = z.object({
  stationId: z.string().nullable(),
  source: z.string(),
  file: z.string(),
  row: z.number().int().nullable().describe("1-based line in the file, or place in the reply"),
  reportTime: time.nullable().describe("when the row says that it was observed"),
  schema: z.string(),
  column: z.string().nullable(),
  check: z.string(),
  value: z.string().nullable(),
  severity: z.enum(["error", "warning"]),
  seenTime: time,
});

/** Every request of the last seven days, to a server or to a folder. */
export const RequestRow = z.object({
  runId: z.string(),
  source: z.string(),
  stationId: z.string().nullable().describe("null where one request was for several stations"),
  url: z.string(),
  status: z.number().int().nullable().describe("of HTTP; null where there was no answer"),
  bytes: z.number().int(),
  seconds: z.number(),
  outcome: z.enum(["fetched", "unchanged", "absent", "failed"]),
  message: z.string().nullable().describe("why it failed, or what was odd about the answer"),
  requestedTime: time,
});

/** Requests of the last 60 days, counted by day, source and station. */
export const TrafficRow = z.object({
  day: time.describe("first hour of the day, UTC"),
  source: z.string(),
  stationId: z.string().nullable().describe("null where one request was for several stations"),
  fetched: z.number().int(),
  unchanged: z.number().int().describe("the server had nothing new"),
  absent: z.number().int().describe("the server has no such file"),
  failed: z.number().int(),
  saved: z.number().int().describe("not made because the answer was known"),
  bytes: z.number().int(),
  seconds: z.number().describe("waited for answers"),
});

/** Runs of the last 60 days; the one that published this is still running. */
export const RunRow = z.object({
  runId: z.string(),
  command: z.string(),
  startedTime: time,
  finishedTime: time.nullable(),
  asOf: time.describe("the run's clock"),
  outcome: z.enum(["running", "succeeded", "failed"]),
  message: z.string().nullable().describe("why it failed"),
  requested: z.number().int().describe("requests made"),
  failed: z.number().int().describe("requests that failed"),
  saved: z.number().int().describe("requests not made because the answer was known"),
  bytes: z.number().int().describe("fetched"),
});

/** What was known and issued when: see `ledger/ledgerEntry.ts`, which says how the hash is made. */
export const LedgerRow = z.object({
  stationId,
  entry: z.number().int().min(1),
  time: time.describe("the run's clock"),
  runId: z.string(),
  seen: z.number().int().describe("values first seen"),
  seenDigest: z.string(),
  snapshotIds: z.string().describe("snapshots made, oldest first, with spaces between"),
  issuedFrom: time.nullable().describe("what is issued from here on takes the place of what earlier entries say"),
  issuedThrough: time.nullable(),
  issued: z.number().int(),
  issuesDigest: z.string(),
  taken: z.number().int().describe("corrected values that rebuilds took up to now"),
  takenDigest: z.string(),
  hash: z.string().describe("SHA-256 of the hash of the entry before and of all the above"),
});

/** The values that an entry of the ledger tells of; not of one that tells of a history read in bulk. */
export const LedgerValueRow = z.object({
  stationId,
  entry: z.number().int(),
  validTime: time,
  variable: z.enum(measureNames),
  value: z.number(),
  source,
  seenTime: time.describe("when it was first seen"),
});

export const publishedTables = {
  stations: StationRow,
  hours: HourRow,
  learnedHours: LearnedHourRow,
  forecasts: ForecastRow,
  officialForecasts: OfficialForecastRow,
  learnedOfficial: LearnedOfficialRow,
  corrections: CorrectionRow,
  liveScores: LiveScoreRow,
  scores: ScoreRow,
  scoresByHour: ScoreByHourRow,
  calibration: CalibrationRow,
  calibrationByHour: CalibrationByHourRow,
  dailyLosses: DailyLossRow,
  worstMisses: WorstMissRow,
  ewmae: EwmaeRow,
  expertWeights: ExpertWeightRow,
  alarms: AlarmRow,
  snapshots: SnapshotRow,
  ledger: LedgerRow,
  ledgerValues: LedgerValueRow,
  weights: WeightRow,
  explanations: ExplanationRow,
  quarantine: QuarantineRow,
  requests: RequestRow,
  traffic: TrafficRow,
  runs: RunRow,
} as const;
export type PublishedTable = keyof typeof publishedTables;

export const PublishedManifest = z.object({
  schemaVersion: z.literal(1),
  version: z.string().describe("version of isotherm"),
  asOf: time.describe("the run's clock"),
  dataThrough: time.nullable().describe("newest observation of any station"),
  simulated: z.boolean().describe("true when NOAA could not be reached and the weather is simulated"),
  publishedModel: model,
  modelOptions: z.object({ delta: z.number(), hourlyDelta: z.number(), huber: z.number() }),
  files: z.array(z.object({ name: z.string(), rows: z.number().int(), bytes: z.number().int(), sha256: z.string() })),
});

export type StationRow = z.infer<typeof StationRow>;
export type HourRow = z.infer<typeof HourRow>;
export type ForecastRow = z.infer<typeof ForecastRow>;
export type OfficialForecastRow = z.infer<typeof OfficialForecastRow>;
export type CorrectionRow = z.infer<typeof CorrectionRow>;
export type LiveScoreRow = z.infer<typeof LiveScoreRow>;
export type ScoreRow = z.infer<typeof ScoreRow>;
export type ScoreByHourRow = z.infer<typeof ScoreByHourRow>;
export type CalibrationRow = z.infer<typeof CalibrationRow>;
export type CalibrationByHourRow = z.infer<typeof CalibrationByHourRow>;
export type ExpertWeightRow = z.infer<typeof ExpertWeightRow>;
export type AlarmRow = z.infer<typeof AlarmRow>;
export type DailyLossRow = z.infer<typeof DailyLossRow>;
export type WorstMissRow = z.infer<typeof WorstMissRow>;
export type EwmaeRow = z.infer<typeof EwmaeRow>;
export type SnapshotRow = z.infer<typeof SnapshotRow>;
export type LedgerRow = z.infer<typeof LedgerRow>;
export type LedgerValueRow = z.infer<typeof LedgerValueRow>;
export type LearnedHourRow = z.infer<typeof LearnedHourRow>;
export type ExplanationRow = z.infer<typeof ExplanationRow>;
export type WeightRow = z.infer<typeof WeightRow>;
export type QuarantineRow = z.infer<typeof QuarantineRow>;
export type RequestRow = z.infer<typeof RequestRow>;
export type TrafficRow = z.infer<typeof TrafficRow>;
export type RunRow = z.infer<typeof RunRow>;
export type PublishedManifest = z.infer<typeof PublishedManifest>;
