import { z } from "zod";
import { ewmaeDays } from "../../model/scores/ewmae.js";
import { comparedBaselines, publishedModel } from "../../model/vocabulary.js";
import { measureNames } from "../measures.js";
import { celsius, count, hours, leadHours, model, quantiles, time, variable } from "./fields.js";

/**
 * What `publish` writes to `<home>/published/`, replaced as one folder: a Parquet file for each table below
 * (`<table>.parquet`, snappy, which browsers can read; sorted, so that equal content has equal bytes), the files made
 * of them for pages and other programs (`api/`, `feed.json`, `status.json`), and `manifest.json`. Times are UTC TIMESTAMPs in Parquet; loaders read them as epoch milliseconds
 * (`epoch_ms(t)::DOUBLE`). The descriptions appear in the data dictionary and the JSON Schemas.
 */
const stationId = z.string().describe("GHCNh identifier, e.g. USW00013874");
const validTime = time.describe("hour of the values");
const measure = z.enum(measureNames).describe("observed variable");
const hourOfDay = hours.min(0).max(23).describe("hour of the day (UTC) of the valid time");
/** Models with live scores. Persistence, the value at issue, is the forecast to beat. */
export const liveModels = ["persistence", "official", publishedModel] as const;
const source = z.string().describe("source: ghcnh, awc, nws, isd or simulated");
const temperatureC = celsius.describe("temperature");
const dewPointC = celsius.describe("dew point");

export const StationRow = z
  .object({
    stationId,
    icao: z.string().nullable().describe("ICAO code of its airport; null without one"),
    name: z.string().describe("name as NOAA or the configuration writes it"),
    latitude: z.number().meta({ unit: "°", description: "latitude, positive north of the equator" }),
    longitude: z.number().meta({ unit: "°", description: "longitude, positive east of Greenwich" }),
    elevationM: z.number().meta({ unit: "m" }).nullable().describe("height above sea level"),
    timeZone: z.string().describe("IANA time zone of the station"),
    genesisTime: time.nullable().describe("training start: the first hour that the model learned"),
    newestObservedTime: time.nullable().describe("newest hour with a temperature"),
    dueTime: time.nullable().describe("when its next report is due: the next hour at which it usually reports"),
    reportedHours: count("h").describe(
      "hours of the day with a report on any of its last 14 days; 24 when nothing is known yet",
    ),
    newestIssuedTime: time.nullable().describe("when the newest forecast was issued"),
    hoursObserved: count("h").describe("hours with a temperature since the training start"),
    hoursMissing: count("h").describe(
      "hours without a temperature between the training start and the newest observation",
    ),
    rowsQuarantined: count("reports").describe("reports with a rejected value"),
    valuesCorrected: count("values").describe("values corrected after they were first seen"),
    valuesLate: count("values").describe("values that arrived too late to be learned"),
    simulated: z.boolean().describe("whether its weather is simulated because NOAA could not be reached"),
  })
  .describe("The stations, with the state of each.");

export const HourRow = z
  .object({
    stationId,
    validTime,
    temperatureC: temperatureC.nullable(),
    dewPointC: dewPointC.nullable(),
    temperatureSource: source.nullable().describe("source of the temperature: ghcnh, awc, nws, isd or simulated"),
    dewPointSource: source.nullable().describe("source of the dew point: ghcnh, awc, nws, isd or simulated"),
  })
  .describe(
    "Every hour with an observation, with the values known now. Each is one report, never an average: the routine report within 15 minutes of the hour, else another report within 15 minutes, else the nearest. Missing hours have no row.",
  );

export const LearnedHourRow = z
  .object({
    stationId,
    validTime,
    temperatureC: temperatureC.nullable(),
    dewPointC: dewPointC.nullable(),
    seaLevelPressureHpa: z.number().meta({ unit: "hPa" }).nullable().describe("air pressure reduced to sea level"),
    windSpeedMs: z.number().meta({ unit: "m/s" }).nullable().describe("wind speed"),
    windDirectionDeg: z
      .number()
      .meta({ unit: "°" })
      .nullable()
      .describe("direction the wind comes from, clockwise from north"),
    cloudCoverOktas: z.number().meta({ unit: "oktas" }).nullable().describe("eighths of the sky covered by cloud"),
  })
  .describe(
    "The hours with an observation, with the values that the model learned. Table `corrections` has the values that changed later or arrived too late.",
  );

export const CorrectionRow = z
  .object({
    stationId,
    validTime,
    variable: measure,
    firstValue: z
      .number()
      .meta({ unit: "of the variable" })
      .describe("value first seen, which the model learned unless it came late or the station was relearned"),
    firstSource: source.describe("source of the value first seen: ghcnh, awc, nws, isd or simulated"),
    firstSeenTime: time.describe("when the first value was seen"),
    value: z
      .number()
      .meta({ unit: "of the variable" })
      .nullable()
      .describe("value known now; null when it was withdrawn"),
    source: source.describe("source of the value known now: ghcnh, awc, nws, isd or simulated"),
    reportTime: time.describe("time of the report that the value known now is from"),
    corrections: count("times").describe("how often the value changed"),
    late: z.boolean().describe("whether it arrived too late to be learned"),
  })
  .describe("Values of the last 60 days that were corrected, withdrawn, or arrived too late to be learned.");

export const ForecastRow = z
  .object({
    stationId,
    issuedTime: time.describe("hour of issue: the newest hour known to the forecast"),
    madeTime: time.describe(
      "when a run made the forecast; a live forecast was made within the hour of issuedTime, a later one is late or a replay",
    ),
    leadHours,
    variable,
    model,
    valueC: celsius.describe("forecast value: the median when there are quantiles"),
    ...quantiles,
  })
  .describe("Forecasts of the published model from the last 13 days, and the newest forecast of each baseline.");

export const OfficialForecastRow = z
  .object({
    stationId,
    issuedTime: time.describe("hour in which it was first seen"),
    generatedTime: time.describe("when the service generated the reply"),
    updateTime: time.describe("when the service last updated the forecast"),
    leadHours,
    temperatureC: temperatureC.describe("forecast temperature"),
    dewPointC: dewPointC.nullable().describe("forecast dew point"),
    entry: z.number().int().min(1).describe("ledger entry that records it"),
  })
  .describe(
    "Forecasts of the National Weather Service first seen in the last 60 days: one set of leads for each new version.",
  );

export const LearnedOfficialRow = OfficialForecastRow.pick({
  stationId: true,
  issuedTime: true,
  leadHours: true,
  temperatureC: true,
  dewPointC: true,
}).describe(
  "Forecasts of the National Weather Service that the model has used since the training start, with the leads it used. It uses a forecast from the hour after it was first seen until the next one, for a day at most.",
);

export const ScoreRow = z
  .object({
    stationId,
    variable,
    model,
    leadHours,
    month: time.describe("first hour of the month"),
    n: count("forecasts").describe("forecasts scored"),
    mae: celsius.describe("mean absolute error"),
    bias: celsius.describe("mean of forecast minus observation"),
    rmse: celsius.describe("root of the mean squared error"),
  })
  .describe("Errors of every model at every lead, by calendar month of the valid time (UTC).");

export const LiveScoreRow = ScoreRow.extend({
  model: z.enum(liveModels).describe("model that made the forecast"),
  paired: z
    .boolean()
    .describe(
      "true for scores over only the hours that the official forecast covers, the same hours for all three models",
    ),
}).describe(
  "Errors of live forecasts (not replayed ones) with an observation at the hour of issue, by calendar month of the valid time (UTC). The official forecast is the one that the model saw: the newest first seen in an hour before the issue.",
);

export const EwmaeRow = z
  .object({
    stationId,
    variable,
    model,
    leadHours,
    time: time.describe("last hour in the average"),
    n: count("errors").describe("errors in the average"),
    validation: celsius.describe("EWMAE of forecasts made before the update, ε = 0.1, started at 0"),
    training: celsius.describe("EWMAE of forecasts made after the update, ε = 0.1, started at 0"),
    validationCorrected: celsius.describe("validation divided by 1-(1-ε)ⁿ"),
    trainingCorrected: celsius.describe("training divided by 1-(1-ε)ⁿ"),
    validationSlow: celsius.describe("validation with ε = 0.001, corrected"),
  })
  .describe(
    "EWMAE, the exponentially weighted mean absolute error, at the reported leads: every 73 hours, so that all hours of the day count equally, and at the newest hour.",
  );

export const EwmaeHourRow = EwmaeRow.pick({
  stationId: true,
  variable: true,
  leadHours: true,
  time: true,
  validationCorrected: true,
  trainingCorrected: true,
}).describe(`EWMAE of the published model at every hour of the last ${ewmaeDays} days, rounded to a hundredth.`);

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
})
  .extend({ hourOfDay })
  .describe("Errors by month and hour of the day (UTC) of the valid time, at the reported leads.");

const between = (lower: string, upper: string) =>
  count("observations").describe(`observations from quantile ${lower} up to ${upper}`);
const pinball = (level: string) => celsius.describe(`mean pinball loss of the quantile ${level}`);

export const CalibrationRow = z
  .object({
    stationId,
    variable,
    leadHours,
    month: time.describe("first hour of the month"),
    n: count("forecasts").describe("scored forecasts with quantiles"),
    crps: celsius.describe("continuous ranked probability score, computed from the pinball losses"),
    belowP025: count("observations").describe("observations below quantile 2.5 %"),
    belowP10: between("2.5 %", "10 %"),
    belowP25: between("10 %", "25 %"),
    belowP50: between("25 %", "50 %"),
    belowP75: between("50 %", "75 %"),
    belowP90: between("75 %", "90 %"),
    belowP975: between("90 %", "97.5 %"),
    aboveP975: count("observations").describe("observations above quantile 97.5 %"),
    pinballP025: pinball("2.5 %"),
    pinballP10: pinball("10 %"),
    pinballP25: pinball("25 %"),
    pinballP50: pinball("50 %"),
    pinballP75: pinball("75 %"),
    pinballP90: pinball("90 %"),
    pinballP975: pinball("97.5 %"),
  })
  .describe(
    "Calibration of the published quantiles by month: CRPS, pinball losses, and the number of observations between quantiles.",
  );

export const CalibrationByHourRow = CalibrationRow.extend({ hourOfDay }).describe(
  "Calibration of the published quantiles by month and hour of the day (UTC) of the valid time, at the reported leads.",
);

export const DailyLossRow = z
  .object({
    stationId,
    variable,
    leadHours,
    model: z.enum(comparedBaselines).describe("baseline compared with the published forecast"),
    day: time.describe("first hour of the day"),
    n: count("h").describe("hours with both forecasts"),
    mae: celsius.describe("mean absolute error of the baseline, rounded to a hundredth"),
    publishedMae: celsius.describe(
      "mean absolute error of the published forecast at the same hours, rounded to a hundredth",
    ),
  })
  .describe(
    "Daily errors of each baseline and of the published forecast over the hours with both, by day of the valid time (UTC), at the reported leads. The confidence intervals of the differences come from these.",
  );

export const WorstMissRow = z
  .object({
    stationId,
    variable,
    leadHours,
    validTime: time.describe("hour of the forecast"),
    forecastC: celsius.describe("forecast value"),
    observedC: celsius.describe("observed value"),
    p025: celsius.nullable().describe("lower bound of the 95 % interval"),
    p975: celsius.nullable().describe("upper bound of the 95 % interval"),
  })
  .describe("The largest errors: the worst hour of the worst days of each month, at the reported leads.");

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

export const AlarmRow = z
  .object({
    stationId,
    variable,
    time: time.describe("when the shift was detected"),
    side: z.enum(["forecasts too high", "forecasts too low"]).describe("direction of the shift"),
  })
  .describe("Drift alarms: hours at which forecasts one hour or a day ahead were found to be shifted to one side.");

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

export const WeightRow = z
  .object({
    stationId,
    snapshotId: z.string().describe("snapshot that the weight is from"),
    variable,
    leadHours,
    feature: z.string().describe("feature of the regression, e.g. T₋0 for the newest temperature"),
    weight: z.number().meta({ unit: "°C" }).describe("°C per unit of the scaled feature"),
  })
  .describe("Weights of the recursive least squares regression at each snapshot with a kept state.");

export const ExplanationRow = z
  .object({
    stationId,
    issuedTime: time.describe("when the explained forecast was issued"),
    variable,
    leadHours,
    part: z.string().describe("feature, or `now` for the newest observation"),
    contributionC: celsius.describe("contribution to the forecast, rounded to a hundredth"),
  })
  .describe(
    "The newest forecast in parts: the newest observation and the contribution of each feature, which add up to it exactly.",
  );

export const QuarantineRow = z
  .object({
    stationId: stationId.nullable(),
    source: source.describe("source of the row: ghcnh, awc, nws, isd or simulated"),
    file: z.string().describe("file or reply with the row"),
    row: z.number().int().nullable().describe("line in the file, from 1, or position in the reply"),
    reportTime: time.nullable().describe("observation time that the row gives"),
    schema: z.string().describe("schema with the failed check; `file` for a whole file"),
    column: z.string().nullable().describe("column that failed; null for the whole row"),
    check: z.string().describe("failed check"),
    value: z.string().nullable().describe("value that failed"),
    severity: z.enum(["error", "warning"]).describe("error: the value was rejected; warning: the value was used"),
    seenTime: time.describe("when it was first seen"),
  })
  .describe("Rows and values that failed a check, with the reason.");

export const RequestRow = z
  .object({
    runId: z.string().describe("run that made the request"),
    source: source.describe("source asked: ghcnh, isd, awc or nws"),
    stationId: stationId.nullable().describe("station requested; null for a request for several stations"),
    url: z.string().describe("address of the request"),
    status: z.number().int().nullable().describe("HTTP status; null without an answer"),
    bytes: count("bytes").describe("bytes received"),
    seconds: z.number().meta({ unit: "s" }).describe("wait for the answer"),
    outcome: z.enum(["fetched", "unchanged", "absent", "failed"]).describe("outcome"),
    message: z.string().nullable().describe("why it failed, or what was unusual about the answer"),
    requestedTime: time.describe("when the request was made"),
  })
  .describe("All requests of the last seven days, to servers or folders.");

export const TrafficRow = z
  .object({
    day: time.describe("first hour of the day, UTC"),
    source: source.describe("source asked: ghcnh, isd, awc or nws"),
    stationId: stationId.nullable().describe("station requested; null for requests for several stations"),
    fetched: count("requests").describe("requests answered with new data"),
    unchanged: count("requests").describe("requests answered with nothing new"),
    absent: count("requests").describe("requests for a file that the server does not have"),
    failed: count("requests").describe("requests without an answer or answered with an error"),
    saved: count("requests").describe("requests avoided because the answer was known"),
    bytes: count("bytes").describe("bytes received"),
    seconds: z.number().meta({ unit: "s" }).describe("total wait for answers"),
  })
  .describe("Number of requests in the last 60 days by day, source and station.");

export const RunRow = z
  .object({
    runId: z.string().describe("id of the run"),
    command: z.string().describe("command that ran"),
    startedTime: time.describe("when the run began"),
    finishedTime: time.nullable().describe("when the run ended; null while it runs"),
    asOf: time.describe("time as of which the run works"),
    outcome: z.enum(["running", "succeeded", "failed"]).describe("outcome"),
    message: z.string().nullable().describe("why the run failed"),
    requested: count("requests").describe("requests made"),
    failed: count("requests").describe("requests that failed"),
    saved: count("requests").describe("requests avoided because the answer was known"),
    bytes: count("bytes").describe("bytes fetched"),
  })
  .describe("Runs of the last 60 days. The run that published this table is listed as running.");

export const LedgerRow = z
  .object({
    stationId,
    entry: z.number().int().min(1).describe("number of the entry at its station, from 1"),
    time: time.describe("time as of which the run works"),
    runId: z.string().describe("run that wrote the entry"),
    seen: count("values").describe("number of values first seen"),
    seenDigest: z.string().describe("SHA-256 of those values"),
    snapshotIds: z.string().describe("ids of new snapshots, oldest first, separated by spaces"),
    issuedFrom: time
      .nullable()
      .describe("first hour of issue in the entry; it replaces what earlier entries record from this hour on"),
    issuedThrough: time.nullable().describe("last hour of issue in the entry"),
    issued: count("forecasts").describe("forecasts issued"),
    issuesDigest: z.string().describe("SHA-256 of those forecasts"),
    taken: count("values").describe("corrected values used for relearning so far"),
    takenDigest: z.string().describe("SHA-256 of those values"),
    hash: z.string().describe("SHA-256 of the previous hash and of all other columns that are not null"),
    officialSeen: count("h")
      .nullable()
      .describe("hours of official forecasts first seen; null in entries from before these were recorded"),
    officialDigest: z.string().nullable().describe("SHA-256 of those hours"),
  })
  .describe(
    "The ledger: what was known and issued when. One entry per station and run, each hashed with the previous one.",
  );

export const LedgerValueRow = z
  .object({
    stationId,
    entry: z.number().int().describe("ledger entry"),
    validTime: time.describe("hour of the value"),
    variable: measure,
    value: z.number().meta({ unit: "of the variable" }).describe("value first seen"),
    source,
    seenTime: time.describe("when it was first seen"),
  })
  .describe("The values that each ledger entry records, except entries that record a long history.");

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
  ewmaeHours: EwmaeHourRow,
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
  asOf: time.describe("time as of which the run works"),
  isPast: z.boolean().default(false).describe("true when this time was set with --as-of"),
  dataThrough: time.nullable().describe("newest observation of any station"),
  simulated: z.boolean().describe("true when NOAA could not be reached and the weather is simulated"),
  publishedModel: model,
  modelOptions: z.object({ delta: z.number(), hourlyDelta: z.number(), huber: z.number() }),
  maxLeadHours: leadHours.describe("longest lead of the published forecasts"),
  files: z.array(
    z.object({
      name: z.string().regex(/^\w+\.parquet$/),
      rows: z.number().int(),
      bytes: z.number().int(),
      sha256: z.string(),
    }),
  ),
  api: z
    .object({ files: z.number().int(), bytes: z.number().int(), sha256: z.string() })
    .describe("all files under api/, feed.json and status.json: how many, their size, and the digest of them all"),
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
export type EwmaeHourRow = z.infer<typeof EwmaeHourRow>;
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
