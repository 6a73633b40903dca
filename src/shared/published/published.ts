import { z } from "zod";
import { ewmaeDays } from "../../model/scores/ewmae.js";
import { comparedBaselines, publishedModel } from "../../model/vocabulary.js";
import { measureNames } from "../measures.js";
import { celsius, count, hours, leadHours, model, quantiles, time, variable } from "./fields.js";

/**
 * What `publish` leaves in `<home>/published/`, replaced as one folder: a Parquet file for each table below
 * (`<table>.parquet`, snappy, which browsers can read; sorted, so that equal content has equal bytes) and
 * `manifest.json`. Times are UTC TIMESTAMPs in Parquet; a loader reads them as epoch milliseconds
 * (`epoch_ms(t)::DOUBLE`).
 */
const stationId = z.string().describe("GHCNh identifier, e.g. USW00013874");
const validTime = time.describe("the hour that the values are of");
const measure = z.enum(measureNames).describe("what was observed");
const hourOfDay = hours.min(0).max(23).describe("hour of the day (UTC) of the valid time");
/** Persistence, the value at issue, is what any forecast has to beat. */
export const liveModels = ["persistence", "official", publishedModel] as const;
const source = z.string().describe("where it is from: ghcnh, awc, nws, isd or simulated");
const temperatureC = celsius.describe("temperature");
const dewPointC = celsius.describe("dew point");

export const StationRow = z
  .object({
    stationId,
    icao: z.string().nullable().describe("ICAO code of its airport; null where it has none"),
    name: z.string().describe("as NOAA, or the configuration, writes it"),
    latitude: z.number().meta({ unit: "°", description: "north of the equator; south of it negative" }),
    longitude: z.number().meta({ unit: "°", description: "east of Greenwich; west of it negative" }),
    elevationM: z.number().meta({ unit: "m" }).nullable().describe("above sea level"),
    timeZone: z.string().describe("IANA zone of the station"),
    genesisTime: time.nullable().describe("first hour the model was trained on"),
    newestObservedTime: time.nullable().describe("newest hour with a temperature"),
    dueTime: time
      .nullable()
      .describe("when its next report is due: the first hour after the newest one at which it usually reports"),
    reportedHours: count("h").describe(
      "hours of the day at which it has reported on any of its last 14 days; 24 at first, when nothing is known",
    ),
    newestIssuedTime: time.nullable().describe("issue of the newest forecast"),
    hoursObserved: count("h").describe("hours with a temperature since genesis"),
    hoursMissing: count("h").describe("hours without one between genesis and the newest observation"),
    rowsQuarantined: count("reports").describe("reports of which something failed a check and was not used"),
    valuesCorrected: count("values").describe("values that have changed since they were first seen"),
    valuesLate: count("values").describe("values that came after their hour had been learned as missing"),
    simulated: z.boolean().describe("whether its weather is simulated, because NOAA could not be reached"),
  })
  .describe("The stations, with what is known of each.");

export const HourRow = z
  .object({
    stationId,
    validTime,
    temperatureC: temperatureC.nullable(),
    dewPointC: dewPointC.nullable(),
    temperatureSource: source.nullable().describe("where the temperature is from: ghcnh, awc, nws, isd or simulated"),
    dewPointSource: source.nullable().describe("where the dew point is from: ghcnh, awc, nws, isd or simulated"),
  })
  .describe(
    "Every hour observed, as it is known now, never an average: the routine report within 15 minutes of the hour, else another one within them, else the nearest. Gaps are no rows.",
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
      .describe("where the wind comes from, clockwise from north"),
    cloudCoverOktas: z.number().meta({ unit: "oktas" }).nullable().describe("eighths of the sky that are covered"),
  })
  .describe(
    "Hours as the model took them in, those at which anything was observed; see `corrections` for what was not.",
  );

export const CorrectionRow = z
  .object({
    stationId,
    validTime,
    variable: measure,
    firstValue: z
      .number()
      .meta({ unit: "of the variable" })
      .describe("what the model learned, unless it came late or its station was rebuilt"),
    firstSource: source.describe("where that was from: ghcnh, awc, nws, isd or simulated"),
    firstSeenTime: time.describe("when that was first seen"),
    value: z.number().meta({ unit: "of the variable" }).nullable().describe("as known now; null when it was withdrawn"),
    source: source.describe("where the value known now is from: ghcnh, awc, nws, isd or simulated"),
    reportTime: time.describe("when the report chosen now was made"),
    corrections: count("times").describe("how often the value has changed"),
    late: z.boolean().describe("came after the loop had passed its hour"),
  })
  .describe("Values of the last 60 days that are not what was first seen, or came too late to be learned.");

export const ForecastRow = z
  .object({
    stationId,
    issuedTime: time.describe("newest hour that was known"),
    madeTime: time.describe("when a run made it: within the hour of issuedTime, or it was late, or a replay"),
    leadHours,
    variable,
    model,
    valueC: celsius.describe("the forecast: the median, where there are quantiles"),
    ...quantiles,
  })
  .describe("Forecasts issued in the last 13 days by the published model; baselines for the newest issue only.");

export const OfficialForecastRow = z
  .object({
    stationId,
    issuedTime: time.describe("the whole hour in which it was first seen"),
    generatedTime: time.describe("when the service wrote the reply"),
    updateTime: time.describe("when the forecast was last changed there"),
    leadHours,
    temperatureC: temperatureC.describe("temperature forecast"),
    dewPointC: dewPointC.nullable().describe("dew point forecast"),
    entry: z.number().int().min(1).describe("the entry of the ledger that tells of it"),
  })
  .describe(
    "The National Weather Service's forecasts first seen in the last 60 days, one set of leads each time they had changed.",
  );

export const LearnedOfficialRow = OfficialForecastRow.pick({
  stationId: true,
  issuedTime: true,
  leadHours: true,
  temperatureC: true,
  dewPointC: true,
}).describe(
  "The National Weather Service's forecasts that the model has seen since genesis, each as far ahead as it was taken from; the model sees one from the hour after it was issued until the next, for a day at most.",
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
  .describe(
    "Errors of the forecasts that came due in one calendar month (UTC, of the valid time); every lead, every model.",
  );

export const LiveScoreRow = ScoreRow.extend({
  model: z.enum(liveModels).describe("which forecaster"),
  paired: z.boolean().describe("over the hours only that the official forecast spoke of, the same for all three"),
}).describe(
  "Errors of forecasts made on time only, none of them replayed, where the value at issue was observed; by calendar month of the valid time. The official forecast is the newest that was seen in an hour before ours was issued, as the model saw it.",
);

export const EwmaeRow = z
  .object({
    stationId,
    variable,
    model,
    leadHours,
    time: time.describe("the hour up to which errors are averaged"),
    n: count("errors").describe("errors averaged so far"),
    validation: celsius.describe("forecast made before the update, ε = 0.1, started at 0"),
    training: celsius.describe("forecast made after the update, ε = 0.1, started at 0"),
    validationCorrected: celsius.describe("validation divided by 1-(1-ε)ⁿ"),
    trainingCorrected: celsius.describe("training divided by 1-(1-ε)ⁿ"),
    validationSlow: celsius.describe("validation with ε = 0.001, corrected"),
  })
  .describe(
    "EWMAE, the exponentially weighted mean absolute error, at the reported leads: every 73 hours, so that no hour of the day is favoured, and at the newest hour.",
  );

export const EwmaeHourRow = EwmaeRow.pick({
  stationId: true,
  variable: true,
  leadHours: true,
  time: true,
  validationCorrected: true,
  trainingCorrected: true,
}).describe(`EWMAE of the published model at every hour of the last ${ewmaeDays} days, to the hundredth.`);

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
  .describe("Errors by month and by hour of the day (UTC) of the valid time; leads reported.");

const between = (lower: string, upper: string) =>
  count("observations").describe(`observations from quantile ${lower} up to ${upper}`);
const pinball = (level: string) => celsius.describe(`mean pinball loss of the quantile ${level}`);

export const CalibrationRow = z
  .object({
    stationId,
    variable,
    leadHours,
    month: time.describe("first hour of the month"),
    n: count("forecasts").describe("forecasts with quantiles that were scored"),
    crps: celsius.describe("continuous ranked probability score, from the pinball losses"),
    belowP025: count("observations").describe("observations below quantile 2.5 %"),
    belowP10: between("2.5 %", "10 %"),
    belowP25: between("10 %", "25 %"),
    belowP50: between("25 %", "50 %"),
    belowP75: between("50 %", "75 %"),
    belowP90: between("75 %", "90 %"),
    belowP975: between("90 %", "97.5 %"),
    aboveP975: count("observations").describe("observations from quantile 97.5 % on"),
    pinballP025: pinball("2.5 %"),
    pinballP10: pinball("10 %"),
    pinballP25: pinball("25 %"),
    pinballP50: pinball("50 %"),
    pinballP75: pinball("75 %"),
    pinballP90: pinball("90 %"),
    pinballP975: pinball("97.5 %"),
  })
  .describe("How the issued quantiles did in one month: CRPS, and how many observations fell between which of them.");

export const CalibrationByHourRow = CalibrationRow.extend({ hourOfDay }).describe(
  "How the issued quantiles did in one month by hour of the day (UTC) of the valid time; leads reported.",
);

export const DailyLossRow = z
  .object({
    stationId,
    variable,
    leadHours,
    model: z.enum(comparedBaselines).describe("the baseline"),
    day: time.describe("first hour of the day"),
    n: count("h").describe("hours at which both had a forecast"),
    mae: celsius.describe("mean absolute error of the baseline, to the hundredth"),
    publishedMae: celsius.describe("that of the published forecast at the same hours, to the hundredth"),
  })
  .describe(
    "Errors of a baseline in a day (UTC, of the valid time), and of the published forecast at the hours at which both had one; leads reported. How sure a difference is follows from how it varies from day to day.",
  );

export const WorstMissRow = z
  .object({
    stationId,
    variable,
    leadHours,
    validTime: time.describe("the hour that was forecast"),
    forecastC: celsius.describe("what was forecast"),
    observedC: celsius.describe("what came"),
    p025: celsius.nullable().describe("lower bound of the 95 % interval"),
    p975: celsius.nullable().describe("upper bound of the 95 % interval"),
  })
  .describe(
    "The forecasts that were furthest off: of each month the worst days, of each of them the worst hour; leads reported.",
  );

export const ExpertWeightRow = z
  .object({
    stationId,
    variable,
    model: model.describe("the expert"),
    leadHours,
    time: time.describe("the issue at which it had that weight"),
    weight: z.number().meta({ unit: "share" }).describe("share in the mixture; those of a time add up to 1"),
  })
  .describe("Weights of the experts in the mixture: every week at the leads reported, and at the newest issue at all.");

export const AlarmRow = z
  .object({
    stationId,
    variable,
    time: time.describe("when the shift was found"),
    side: z.enum(["forecasts too high", "forecasts too low"]).describe("to which side"),
  })
  .describe("Hours at which the forecasts, one hour or a day ahead, were found to have shifted to one side.");

export const SnapshotRow = z
  .object({
    snapshotId: z.string().describe("SHA-256 of configuration, hours consumed and state"),
    parentId: z.string().nullable().describe("the snapshot it grew from; null for the first of a lineage"),
    stationId,
    throughTime: time.describe("last hour consumed"),
    hoursConsumed: count("h").describe("hours consumed since genesis"),
    hoursDigest: z.string().describe("running SHA-256 of the hours consumed"),
    configDigest: z.string().describe("SHA-256 of the configuration"),
    stateBytes: count("bytes").describe("size of the state"),
    kept: z.boolean().describe("whether the state itself is still stored"),
  })
  .describe("The chain of snapshots: each is the whole state of a station's model after some hour.");

export const WeightRow = z
  .object({
    stationId,
    snapshotId: z.string().describe("the snapshot whose state has it"),
    variable,
    leadHours,
    feature: z.string().describe("what the weight is of, e.g. T₋0 for the newest temperature"),
    weight: z.number().meta({ unit: "°C" }).describe("°C for one unit of the scaled feature"),
  })
  .describe("Weights of the shared-gain recursive least squares, at each snapshot whose state is kept.");

export const ExplanationRow = z
  .object({
    stationId,
    issuedTime: time.describe("issue of the forecast explained"),
    variable,
    leadHours,
    part: z.string().describe("a feature, or what is now"),
    contributionC: celsius.describe("what it adds to the forecast, to the hundredth"),
  })
  .describe(
    "What the newest forecast is made of: the newest observation and what changes it, which add up to it exactly.",
  );

export const QuarantineRow = z
  .object({
    stationId: stationId.nullable(),
    source: source.describe("where the row is from: ghcnh, awc, nws, isd or simulated"),
    file: z.string().describe("the file or reply that it stood in"),
    row: z.number().int().nullable().describe("1-based line in the file, or place in the reply"),
    reportTime: time.nullable().describe("when the row says that it was observed"),
    schema: z.string().describe("the schema that it does not fit; `file` where it is about the whole file"),
    column: z.string().nullable().describe("the column that failed; null where it is the whole row"),
    check: z.string().describe("the check that it failed"),
    value: z.string().nullable().describe("what stood there"),
    severity: z.enum(["error", "warning"]).describe("what an error is about was not used"),
    seenTime: time.describe("when it was first seen"),
  })
  .describe("What failed a check, kept with the reason.");

export const RequestRow = z
  .object({
    runId: z.string().describe("the run that made it"),
    source: source.describe("whom it went to: ghcnh, isd, awc or nws"),
    stationId: stationId.nullable().describe("whom it was about; null where one request was for several stations"),
    url: z.string().describe("the address asked"),
    status: z.number().int().nullable().describe("of HTTP; null where there was no answer"),
    bytes: count("bytes").describe("received"),
    seconds: z.number().meta({ unit: "s" }).describe("waited for the answer"),
    outcome: z.enum(["fetched", "unchanged", "absent", "failed"]).describe("how it ended"),
    message: z.string().nullable().describe("why it failed, or what was odd about the answer"),
    requestedTime: time.describe("when it was made"),
  })
  .describe("Every request of the last seven days, to a server or to a folder.");

export const TrafficRow = z
  .object({
    day: time.describe("first hour of the day, UTC"),
    source: source.describe("whom the requests went to: ghcnh, isd, awc or nws"),
    stationId: stationId.nullable().describe("whom they were about; null where one request was for several stations"),
    fetched: count("requests").describe("answered with something new"),
    unchanged: count("requests").describe("the server had nothing new"),
    absent: count("requests").describe("the server has no such file"),
    failed: count("requests").describe("not answered, or with an error"),
    saved: count("requests").describe("not made because the answer was known"),
    bytes: count("bytes").describe("received"),
    seconds: z.number().meta({ unit: "s" }).describe("waited for answers"),
  })
  .describe("Requests of the last 60 days, counted by day, source and station.");

export const RunRow = z
  .object({
    runId: z.string().describe("names the run"),
    command: z.string().describe("what was run"),
    startedTime: time.describe("when it began"),
    finishedTime: time.nullable().describe("when it ended; null where it has not"),
    asOf: time.describe("the run's clock"),
    outcome: z.enum(["running", "succeeded", "failed"]).describe("how it ended"),
    message: z.string().nullable().describe("why it failed"),
    requested: count("requests").describe("requests made"),
    failed: count("requests").describe("requests that failed"),
    saved: count("requests").describe("requests not made because the answer was known"),
    bytes: count("bytes").describe("fetched"),
  })
  .describe("Runs of the last 60 days; the one that published this is still running.");

export const LedgerRow = z
  .object({
    stationId,
    entry: z.number().int().min(1).describe("counts a station's entries, from 1"),
    time: time.describe("the run's clock"),
    runId: z.string().describe("the run that wrote it"),
    seen: count("values").describe("values first seen"),
    seenDigest: z.string().describe("SHA-256 of those values"),
    snapshotIds: z.string().describe("snapshots made, oldest first, with spaces between"),
    issuedFrom: time.nullable().describe("what is issued from here on takes the place of what earlier entries say"),
    issuedThrough: time.nullable().describe("newest issue"),
    issued: count("forecasts").describe("forecasts issued"),
    issuesDigest: z.string().describe("SHA-256 of those forecasts"),
    taken: count("values").describe("corrected values that rebuilds took up to now"),
    takenDigest: z.string().describe("SHA-256 of those values"),
    hash: z.string().describe("SHA-256 of the hash of the entry before and of all the others here that are not null"),
    officialSeen: count("h")
      .nullable()
      .describe("hours of official forecasts first seen; null where the ledger did not tell of them yet"),
    officialDigest: z.string().nullable().describe("SHA-256 of those hours"),
  })
  .describe("What was known and issued when: an entry a station and run, each hashed with the one before.");

export const LedgerValueRow = z
  .object({
    stationId,
    entry: z.number().int().describe("the entry of the ledger"),
    validTime: time.describe("the hour that the value is of"),
    variable: measure,
    value: z.number().meta({ unit: "of the variable" }).describe("as first seen"),
    source,
    seenTime: time.describe("when it was first seen"),
  })
  .describe("The values that an entry of the ledger tells of; not of one that tells of a history read in bulk.");

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
  asOf: time.describe("the run's clock"),
  isPast: z.boolean().default(false).describe("true when that clock was given, by --as-of, and not read"),
  dataThrough: time.nullable().describe("newest observation of any station"),
  simulated: z.boolean().describe("true when NOAA could not be reached and the weather is simulated"),
  publishedModel: model,
  modelOptions: z.object({ delta: z.number(), hourlyDelta: z.number(), huber: z.number() }),
  maxLeadHours: leadHours.describe("how far ahead stations are forecast"),
  files: z.array(
    z.object({
      name: z.string().regex(/^\w+\.parquet$/),
      rows: z.number().int(),
      bytes: z.number().int(),
      sha256: z.string(),
    }),
  ),
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
