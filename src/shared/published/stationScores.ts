import type { variables } from "../../model/vocabulary.js";

/** `/api/evaluation.json`, and `/api/evaluation/<period>.json`: the errors of all stations side by side; °C. */
export interface StationScores {
  schemaVersion: 1;
  period: string;
  /** Names of the periods that there are files of. */
  periods: string[];
  /** The stations, in the order of `stations.json`. */
  keys: string[];
  /** Columns: a number a station, null where nothing was scored. */
  scores: {
    variable: (typeof variables)[number];
    leadHours: number;
    n: (number | null)[];
    maeC: (number | null)[];
    /** Of the better of persistence and the same hour yesterday. */
    naiveC: (number | null)[];
  }[];
}
