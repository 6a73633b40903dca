import type { Variable } from "../../model/vocabulary.js";
import type { AlarmRow, CorrectionRow, QuarantineRow, RequestRow } from "./published.js";
import type { StationSummary } from "./stationSummary.js";

/** `/api/<key>/health.json`: what was observed at a station, from where, what was wrong with it, and what was made of it. */
export interface StationHealth {
  schemaVersion: 1;
  station: StationSummary;
  /** The last 60 days up to the run's clock, an hour a place. */
  hours: {
    /** First hour, epoch milliseconds. */
    firstTime: number;
    /** What the numbers of `observed` stand for. */
    sources: string[];
    /** Place in `sources` of where the hour's value came from; -1 where there is none. */
    observed: Record<Variable, number[]>;
  };
  /** Hours in a row without a temperature since the model's first hour, the newest first. */
  gaps: Gap[];
  /** How many there are in all. */
  gapCount: number;
  /** Values of the last 60 days that are not what was first seen, or came too late, the newest first. */
  corrections: Omit<CorrectionRow, "stationId">[];
  correctionCount: number;
  /** Rows and values that failed a check, those first seen last come first. */
  failures: Omit<QuarantineRow, "stationId">[];
  failureCount: number;
  /** Requests for this station alone that failed in the last seven days, the newest first. */
  failedRequests: Omit<RequestRow, "stationId" | "outcome">[];
  /** Oldest first. */
  alarms: Omit<AlarmRow, "stationId">[];
  /** Of the forecasts published: those made within the hour of their issue, and those made later. */
  issues: { onTime: number; late: number };
  /** The station's own chain: its newest entry. */
  ledger: { entries: number; time: number; hash: string } | null;
}

export interface Gap {
  firstTime: number;
  lastTime: number;
  hours: number;
}
