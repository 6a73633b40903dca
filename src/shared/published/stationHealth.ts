import type { Variable } from "../../model/vocabulary.js";
import type { CorrectionRow } from "./observationTables.js";
import type { QuarantineRow, RequestRow } from "./runTables.js";
import type { AlarmRow } from "./scoreTables.js";
import type { StationSummary } from "./stationSummary.js";

/** `/api/<key>/health.json`: a station's observations, their sources, failed checks and forecasts. */
export interface StationHealth {
  schemaVersion: 1;
  station: StationSummary;
  /** The last 60 days up to the run's clock, one element per hour. */
  hours: {
    /** First hour, epoch milliseconds. */
    firstTime: number;
    /** Sources that the numbers of `observed` index. */
    sources: string[];
    /** Index in `sources` of each hour's source; -1 without a value. */
    observed: Record<Variable, number[]>;
  };
  /** Gaps in temperature since the training start, newest first. */
  gaps: Gap[];
  gapCount: number;
  /** Values of the last 60 days that were corrected or arrived too late, newest first. */
  corrections: Omit<CorrectionRow, "stationId">[];
  correctionCount: number;
  /** Rows and values that failed a check, newest first. */
  failures: Omit<QuarantineRow, "stationId">[];
  failureCount: number;
  /** Failed requests of the last seven days for this station alone, newest first. */
  failedRequests: Omit<RequestRow, "stationId" | "outcome">[];
  /** Oldest first. */
  alarms: Omit<AlarmRow, "stationId">[];
  /** Number of published forecasts made within their hour of issue, and made later. */
  issues: { onTime: number; late: number };
  /** The newest entry of the station's ledger. */
  ledger: { entries: number; time: number; hash: string } | null;
}

export interface Gap {
  firstTime: number;
  lastTime: number;
  hours: number;
}
