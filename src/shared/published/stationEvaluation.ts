import type { ModelName, Variable } from "../../model/vocabulary.js";
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

/**
 * `/api/<key>/evaluation.json`, and `/api/<key>/evaluation/<period>.json`: the errors of a station's forecasts.
 * Temperatures in °C, times in epoch milliseconds; by valid time.
 */
export interface StationEvaluation {
  schemaVersion: 1;
  station: StationSummary;
  model: ModelName;
  /** First hours of the first and last scored months, and the last hour in the period; null when nothing is scored. */
  period: { name: string; firstMonth: number; lastMonth: number; through: number } | null;
  scores: ScoresByLead[];
  differences: ScoreDifference[];
  /** Live forecasts only, none replayed. */
  onTime: OnTimeScores[];
  live: LiveScores[];
  calibration: CalibrationByLead[];
  byHour: ErrorsByHour[];
  worst: WorstMiss[];
  ewmae: EwmaeSeries[];
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

/** Live forecasts compared with persistence; one number per lead. */
export interface OnTimeScores {
  variable: Variable;
  leadHours: number[];
  n: number[];
  maeC: number[];
  persistenceC: number[];
}

/** Live forecasts compared with those of the National Weather Service over the same hours; one number per lead. */
export interface LiveScores extends OnTimeScores {
  officialC: number[];
}

/** Observations between quantiles: eight counts per lead, from below 2.5 % to above 97.5 %. */
export interface CalibrationByLead {
  variable: Variable;
  leadHours: number[];
  crpsC: number[];
  counts: number[][];
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

/** Columns with one number per time, corrected for their start at 0; `ewmaeRaw` gives the uncorrected values. */
export interface EwmaeSeries {
  variable: Variable;
  leadHours: number;
  time: number[];
  /** Errors added since the previous time. */
  added: number[];
  validation: number[];
  training: number[];
  /** Averages about a thousand errors; the others about ten. */
  validationSlow: number[];
}

/** An evaluation period: whole months of valid time, epoch milliseconds. */
export interface EvaluationPeriod {
  /** "all", "last-12-months" or a year. */
  name: string;
  from: number;
  /** End, not included. */
  to: number;
}

/** The file of a period: "evaluation.json" for all, or "evaluation/2019.json". */
export function evaluationFile(period: string): string {
  return period === "all" ? "evaluation.json" : `evaluation/${period}.json`;
}
