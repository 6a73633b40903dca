import type { LedgerHead } from "./ledgerIndex.js";
import type { QuarantineRow, RunRow } from "./published.js";

/** `/api/health.json`: whether what is shown can be trusted; what `stations.json` says of a station is not said again. */
export interface DataHealth {
  schemaVersion: 1;
  /** The run's clock, epoch milliseconds. */
  asOf: number;
  simulated: boolean;
  /** In the order of `stations.json`. */
  stations: StationTrust[];
  /** Of what was asked in the last 60 days, by source. */
  sources: SourceTraffic[];
  /** What validation has found, over all stations, the most frequent first. */
  checks: FailedCheck[];
  /** The newest runs, newest first. */
  runs: RunRow[];
  ledger: LedgerHead | null;
}

export interface StationTrust {
  key: string;
  /** Temperatures of the last seven days up to `asOf`, by where they came from; what is left of 168 is missing. */
  weekBySource: Record<string, number>;
  /** Alarms ever, and the newest of them. */
  alarms: number;
  newestAlarmTime: number | null;
  /** Requests of the last 60 days that were for this station alone. */
  requested: number;
  failed: number;
  saved: number;
  bytes: number;
  /** What is wrong with the newest forecast, or any other number, of this station. */
  warnings: string[];
}

export interface SourceTraffic {
  source: string;
  fetched: number;
  unchanged: number;
  absent: number;
  failed: number;
  /** Requests not made because the answer was known. */
  saved: number;
  bytes: number;
  /** Mean wait for an answer. */
  seconds: number | null;
  /** Of the last 24 hours. */
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
