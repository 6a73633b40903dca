import type { ModelName, Variable } from "../../model/vocabulary.js";
import type { StationSummary } from "./stationSummary.js";

/** How much two forecasts differ, with what 95 in 100 such samples would say; °C, and shares for skill. */
export interface LossDifference {
  days: number;
  n: number;
  /** Own error minus the baseline's: below zero we are better. */
  difference: number;
  differenceLow: number;
  differenceHigh: number;
  /** One minus the ratio of the errors. */
  skill: number;
  skillLow: number;
  skillHigh: number;
}

/**
 * `/api/<key>/evaluation.json`, and `/api/<key>/evaluation/<period>.json`: how right a station's forecasts have been.
 * Temperatures in °C, times in epoch milliseconds; by the time forecast for.
 */
export interface StationEvaluation {
  schemaVersion: 1;
  station: StationSummary;
  model: ModelName;
  /** First hours of the first and the last month scored, and the last hour that could be; null where none was. */
  period: { name: string; firstMonth: number; lastMonth: number; through: number } | null;
  scores: ScoresByLead[];
  differences: ScoreDifference[];
  /** Of the forecasts made on time, none of them replayed. */
  onTime: OnTimeScores[];
  live: LiveScores[];
  calibration: CalibrationByLead[];
  byHour: ErrorsByHour[];
  worst: WorstMiss[];
  ewmae: EwmaeSeries[];
}

/** Columns: a number a lead. */
export interface ScoresByLead {
  variable: Variable;
  model: ModelName;
  leadHours: number[];
  n: number[];
  maeC: number[];
  /** Mean of forecast minus observation; of the published model only. */
  biasC?: number[];
  rmseC?: number[];
}

/** The published forecast beside a baseline at the hours at which both had one, with 95 % intervals; shares for skill. */
export interface ScoreDifference extends LossDifference {
  variable: Variable;
  leadHours: number;
  model: ModelName;
}

/** Since the site went live: the forecast beside persistence, a number a lead. */
export interface OnTimeScores {
  variable: Variable;
  leadHours: number[];
  n: number[];
  maeC: number[];
  persistenceC: number[];
}

/** Since the site went live: the forecast beside the National Weather Service's of the same hours, a number a lead. */
export interface LiveScores extends OnTimeScores {
  officialC: number[];
}

/** How many observations fell between which quantiles: a list of eight a lead, from below 2.5 % to above 97.5 %. */
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
  /** Forecasts of each of the months. */
  n: number[];
  /** A list of 24 a month; null where nothing was scored. */
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

/** Columns: a number for each of the times. Corrected of having started at 0; see `ewmaeRaw` for what they were. */
export interface EwmaeSeries {
  variable: Variable;
  leadHours: number;
  time: number[];
  /** Errors averaged since the time before. */
  added: number[];
  validation: number[];
  training: number[];
  /** Remembers a thousand errors, where the others remember ten. */
  validationSlow: number[];
}

/** A period that errors can be asked for: whole months by the time forecast for, epoch milliseconds. */
export interface EvaluationPeriod {
  /** "all", "last-12-months" or a year. */
  name: string;
  from: number;
  /** End, not included. */
  to: number;
}

/** Where a period's file stands beside that of everything: "evaluation.json" or "evaluation/2019.json". */
export function evaluationFile(period: string): string {
  return period === "all" ? "evaluation.json" : `evaluation/${period}.json`;
}
