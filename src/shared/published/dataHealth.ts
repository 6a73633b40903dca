import type { AlarmCause } from "../alarmCause.js";
import type { LedgerHead } from "./ledgerIndex.js";
import type { QuarantineRow, RunRow } from "./runTables.js";

/** `/api/health.json`: whether the data can be trusted. Does not repeat fields of `stations.json`. */
export interface DataHealth {
  schemaVersion: 1;
  /** The run's clock, epoch milliseconds. */
  asOf: number;
  simulated: boolean;
  /** In the order of `stations.json`. */
  stations: StationTrust[];
  /** Requests of the last 60 days by source. */
  sources: SourceTraffic[];
  /** Failed checks of all stations, the most frequent first. */
  checks: FailedCheck[];
  /** The newest runs, newest first. */
  runs: RunRow[];
  ledger: LedgerHead | null;
}

export interface StationTrust {
  key: string;
  /** Number of temperatures in the last 168 hours up to `asOf`, by source; the rest are missing. */
  weekBySource: Record<string, number>;
  /** Number of alarms, and the newest with its cause. */
  alarms: number;
  newestAlarmTime: number | null;
  newestAlarmCause: AlarmCause | null;
  /** Requests of the last 60 days for this station alone. */
  requested: number;
  failed: number;
  saved: number;
  bytes: number;
  /** Problems with the newest forecast or other numbers of this station. */
  warnings: string[];
}

export interface SourceTraffic {
  source: string;
  fetched: number;
  unchanged: number;
  absent: number;
  failed: number;
  /** Requests avoided because the answer was known. */
  saved: number;
  bytes: number;
  /** Mean wait for an answer, seconds. */
  seconds: number | null;
  /** Requests of the last 24 hours. */
  dayRequested: number;
  dayFailed: number;
  /** The newest failure of the last seven days. */
  failure: { time: number; url: string; message: string | null } | null;
}

export interface FailedCheck extends Pick<QuarantineRow, "source" | "schema" | "column" | "check" | "severity"> {
  n: number;
  stations: number;
  /** When the newest was first seen. */
  newestTime: number;
}
