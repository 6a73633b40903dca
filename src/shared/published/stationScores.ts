import type { variables } from "../../model/vocabulary.js";

/** `/api/evaluation.json`, and `/api/evaluation/<period>.json`: the errors of all stations; °C. */
export interface StationScores {
  schemaVersion: 1;
  period: string;
  /** Names of all periods. */
  periods: string[];
  /** The stations, in the order of `stations.json`. */
  keys: string[];
  /** Columns with one number per station; null when nothing was scored. */
  scores: {
    variable: (typeof variables)[number];
    leadHours: number;
    n: (number | null)[];
    maeC: (number | null)[];
    /** MAE of the better of persistence and seasonal naive. */
    naiveC: (number | null)[];
  }[];
}
