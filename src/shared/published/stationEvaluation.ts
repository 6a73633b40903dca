import type { ExtremeEvent } from "../../model/extremes/odds.js";
import type { ExtremeKind } from "../../model/extremes/windows.js";
import type { GuidanceSource, ModelName, Variable } from "../../model/vocabulary.js";
import type { StationSummary } from "./stationSummary.js";

/** The difference between two forecasts' errors with 95 % intervals, °C; skill as a share. */
export interface LossDifference {
  days: number;
  n: number;
  /** Our error minus the baseline's: negative when ours is smaller. */
  difference: number;
  differenceLow: number;
  differenceHigh: number;
  /** One minus the ratio of the errors. */
  skill: number;
  skillLow: number;
  skillHigh: number;
}

/** Columns of equal length, one value per row: much smaller as JSON than the rows. Empty without rows. */
type Columns<Row> = { [Name in keyof Row]: Row[Name][] };

function columnsOf<Row extends object>(rows: readonly Row[]): Columns<Row> {
  const names = Object.keys(rows[0] ?? {}) as (keyof Row)[];
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])) as Columns<Row>;
}

function rowsOf<Row extends object>(columns: Columns<Row>): Row[] {
  const entries = Object.entries(columns) as [string, unknown[]][];
  return (entries[0]?.[1] ?? []).map(
    (_, i) => Object.fromEntries(entries.map(([name, values]) => [name, values[i]])) as Row,
  );
}

/** Changes when readers of this version would misread the file, or when closed periods must be computed again. */
export const evaluationSchemaVersion = 5;

/**
 * `/api/<key>/evaluation.json`, and `/api/<key>/evaluation/<period>.json`: the errors of a station's forecasts.
 * Temperatures in °C, times in epoch milliseconds; by valid time. The file of a past year stays as it is.
 */
export interface StationEvaluation {
  schemaVersion: typeof evaluationSchemaVersion;
  station: Pick<StationSummary, "key" | "name" | "timeZone">;
  model: ModelName;
  /** First snapshot through the last hour of the period, whose scores are final; null while the period is open. */
  closedBy: string | null;
  /** First hours of the first and last scored months, and the last hour in the period; null when nothing is scored. */
  period: { name: string; firstMonth: number; lastMonth: number; through: number } | null;
  /** What the period leaves out because the model had learned little: its end, and the hours scored before; null if nothing. */
  spinUp: { until: number; hours: number } | null;
  scores: ScoresByLead[];
  differences: ScoreDifference[];
  /** Replayed forecasts included; empty where no guidance is known. */
  guidance: GuidanceScores[];
  /** Live forecasts only, none replayed. */
  onTime: OnTimeScores[];
  live: LiveScores[];
  calibration: CalibrationByLead[];
  byMonth: ErrorsByMonth[];
  byHour: ErrorsByHour[];
  worst: WorstMiss[];
  extremes: ExtremeScores[];
  /** Live forecasts only, none replayed. */
  liveExtremes: LiveExtremeScores[];
  extremeOdds: ExtremeOdds[];
  /** The newest threshold of heat, °C; null while it is unknown. */
  heatC: number | null;
}

/** What the file holds: the long lists of rows as columns. */
export type EvaluationFile = Omit<StationEvaluation, "differences" | "worst"> & {
  differences: Columns<ScoreDifference>;
  worst: Columns<WorstMiss>;
};

export function toEvaluationFile(evaluation: StationEvaluation): EvaluationFile {
  return { ...evaluation, differences: columnsOf(evaluation.differences), worst: columnsOf(evaluation.worst) };
}

export function fromEvaluationFile(file: EvaluationFile): StationEvaluation {
  return { ...file, differences: rowsOf(file.differences), worst: rowsOf(file.worst) };
}

/** Columns with one number per lead. */
export interface ScoresByLead {
  variable: Variable;
  model: ModelName;
  leadHours: number[];
  n: number[];
  maeC: number[];
  /** Mean of forecast minus observation; published model only. */
  biasC?: number[];
  rmseC?: number[];
}

/** The published forecast compared with a baseline over the hours with both. */
export interface ScoreDifference extends LossDifference {
  variable: Variable;
  leadHours: number;
  model: ModelName;
}

/** The published forecast compared with a source of guidance over the hours with both; one number per reported lead. */
export interface GuidanceScores {
  variable: Variable;
  source: GuidanceSource;
  /** The name it is stored under, such as that of an imported archive. */
  name: string;
  leadHours: number[];
  n: number[];
  maeC: number[];
  guidanceC: number[];
  /** Of the days on which persistence has the same hours; null without any. */
  persistenceC: (number | null)[];
}

/** Live forecasts compared with persistence; one number per lead. */
export interface OnTimeScores {
  variable: Variable;
  leadHours: number[];
  n: number[];
  maeC: number[];
  persistenceC: number[];
  /** Versions of the model that made these forecasts, ascending. */
  versions: number[];
}

/** Live forecasts compared with the guidance of a source over the same hours; one number per lead. */
export interface LiveScores extends OnTimeScores {
  source: GuidanceSource;
  guidanceC: number[];
}

/** Observations between quantiles: eight counts per lead, from below 2.5 % to above 97.5 %. */
export interface CalibrationByLead {
  variable: Variable;
  leadHours: number[];
  crpsC: number[];
  counts: number[][];
}

/** Mean absolute error by month of the valid time, UTC; one number per month with scores. */
export interface ErrorsByMonth {
  variable: Variable;
  leadHours: number;
  /** First hours of the months. */
  month: number[];
  n: number[];
  maeC: number[];
  persistenceC: (number | null)[];
}

/** Mean absolute error by calendar month, 1 to 12, and hour of the day of the valid time, UTC. */
export interface ErrorsByHour {
  variable: Variable;
  leadHours: number;
  months: number[];
  /** Number of forecasts in each month. */
  n: number[];
  /** 24 values per month; null when nothing was scored. */
  maeC: (number | null)[][];
}

/** Scores of live forecasts of lows and highs, °C; windows as in table `extremeScores`. */
export interface LiveExtremeScores {
  kind: ExtremeKind;
  windowNumber: number;
  n: number;
  biasC: number;
  maeC: number;
  crpsC: number;
  /** Truths between the quantiles: eight counts, from below 2.5 % to above 97.5 %. */
  counts: number[];
  /** Forecasts with odds of frost (lows) or heat (highs), and their Brier score; null without any. */
  oddsN: number;
  brier: number | null;
}

/** Scores of all forecasts of lows and highs, °C, and of what they are compared with, as in table `extremeScores`. */
export interface ExtremeScores extends LiveExtremeScores {
  untrackedCrpsC: number;
  beforeMaeC: number | null;
  climatologyMaeC: number | null;
  climatologyCrpsC: number | null;
  untrackedBrier: number | null;
  beforeBrier: number | null;
  climatologyBrier: number | null;
}

/** How often frost or heat came where its odds were in a tenth. */
export interface ExtremeOdds {
  event: ExtremeEvent;
  windowNumber: number;
  tenth: number;
  n: number;
  /** Mean of the odds, and share followed by the event. */
  odds: number;
  came: number;
}

export interface WorstMiss {
  variable: Variable;
  leadHours: number;
  validTime: number;
  forecastC: number;
  observedC: number;
  /** Bounds of the 95 % interval. */
  p025: number | null;
  p975: number | null;
}

/** A row of `/api/<key>/ewmaeHistory.parquet`, as hyparquet reads it; n is the number of errors averaged. */
export interface EwmaePoint {
  variable: Variable;
  leadHours: number;
  time: Date;
  n: number;
  validationCorrected: number;
  trainingCorrected: number;
  validationSlow: number;
}

/** An evaluation period: whole months of valid time, epoch milliseconds. */
export interface EvaluationPeriod {
  /** "since-spin-up", "all", "last-12-months" or a year. Only "all" includes the spin-up of the model. */
  name: string;
  from: number;
  /** End, not included. */
  to: number;
}

/** The file of a period: "evaluation.json" for all, or "evaluation/2019.json". */
export function evaluationFile(period: string): string {
  return period === "all" ? "evaluation.json" : `evaluation/${period}.json`;
}
