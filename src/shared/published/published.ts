import { z } from "zod";
import { ExtremeOddsRow, ExtremeRow, ExtremeScoreRow, LiveExtremeScoreRow } from "./extremeTables.js";
import { leadHours, model, time } from "./fields.js";
import { DrawRankRow, ForecastRow, GuidanceRow, LearnedGuidanceRow } from "./forecastTables.js";
import { ExpertWeightRow, ExplanationRow, ModelRow, SnapshotRow, WeightRow } from "./modelTables.js";
import { AnomalyRow, CorrectionRow, HourRow, LearnedHourRow, StationRow } from "./observationTables.js";
import { LedgerRow, LedgerValueRow, QuarantineRow, RequestRow, RunRow, TrafficRow } from "./runTables.js";
import { EveningRow } from "./scorecard.js";
import {
  AlarmRow,
  CalibrationByHourRow,
  CalibrationRow,
  DailyLossRow,
  EwmaeHourRow,
  EwmaeRow,
  LiveScoreRow,
  QuestionScoreRow,
  ScoreByHourRow,
  ScoreRow,
  WorstMissRow,
} from "./scoreTables.js";

/**
 * The published tables. `publish` writes a Parquet file for each to `<home>/published/` (`<table>.parquet`,
 * sorted, so that equal content has equal bytes), then the files for pages and other programs
 * (`api/`, `feed.json`, `status.json`) and `manifest.json`, and replaces the folder as a whole. Times are UTC
 * TIMESTAMPs in Parquet; loaders read them as epoch milliseconds (`epoch_ms(t)::DOUBLE`).
 */
export const publishedTables = {
  stations: StationRow,
  hours: HourRow,
  learnedHours: LearnedHourRow,
  anomalies: AnomalyRow,
  forecasts: ForecastRow,
  extremes: ExtremeRow,
  drawRanks: DrawRankRow,
  guidance: GuidanceRow,
  learnedGuidance: LearnedGuidanceRow,
  corrections: CorrectionRow,
  liveScores: LiveScoreRow,
  scores: ScoreRow,
  scoresByHour: ScoreByHourRow,
  calibration: CalibrationRow,
  calibrationByHour: CalibrationByHourRow,
  dailyLosses: DailyLossRow,
  worstMisses: WorstMissRow,
  extremeScores: ExtremeScoreRow,
  liveExtremeScores: LiveExtremeScoreRow,
  extremeOdds: ExtremeOddsRow,
  questionScores: QuestionScoreRow,
  evenings: EveningRow,
  ewmae: EwmaeRow,
  ewmaeHours: EwmaeHourRow,
  expertWeights: ExpertWeightRow,
  alarms: AlarmRow,
  snapshots: SnapshotRow,
  ledger: LedgerRow,
  ledgerValues: LedgerValueRow,
  models: ModelRow,
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
  contents: z
    .object({
      program: z.string(),
      tables: z.record(z.string(), z.string()),
      stations: z.record(z.string(), z.string()),
    })
    .optional()
    .describe(
      "digests of the program, of the rows of tables, and of what stations' files show: equal ones are not written again",
    ),
});
export type PublishedManifest = z.infer<typeof PublishedManifest>;
