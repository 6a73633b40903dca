import type { Variable } from "../../model/vocabulary.js";
import type { StationScores } from "../../shared/published/stationScores.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { skillScore } from "./scoresByModel.js";

export interface StationError {
  key: string;
  name: string;
  n: number;
  maeC: number;
  /** Of the better of persistence and the same hour yesterday. */
  naiveC: number;
  skill: number;
}

/** The errors of all stations that have any, the best skill first. */
export function stationErrors(
  scores: StationScores,
  stations: readonly StationSummary[],
  { variable, leadHours }: { variable: Variable; leadHours: number },
): StationError[] {
  const found = scores.scores.find((row) => row.variable === variable && row.leadHours === leadHours);
  const names = new Map(stations.map(({ key, name }) => [key, name]));
  return scores.keys
    .flatMap((key, i) => {
      const [n, maeC, naiveC] = [found?.n[i] ?? null, found?.maeC[i] ?? null, found?.naiveC[i] ?? null];
      if (n === null || maeC === null || naiveC === null) return [];
      return [{ key, name: names.get(key) ?? key, n, maeC, naiveC, skill: skillScore(maeC, naiveC) }];
    })
    .sort((a, b) => b.skill - a.skill);
}
