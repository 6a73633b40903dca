import type { AnomalyRow } from "./observationTables.js";

/** `/api/anomalies.json`: the weather of the network now, without stations if there is no network. */
export interface NetworkNow {
  schemaVersion: 1;
  /** Newest hour of the network; null without one. */
  time: number | null;
  /** Sorted by identifier. */
  stations: Omit<AnomalyRow, "validTime">[];
}
