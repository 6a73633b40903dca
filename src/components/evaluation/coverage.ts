import type { Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";

/** The issued intervals: how often the truth should fall inside, and the first and last of the eight bins between quantiles that they span. */
export const intervals = [
  { nominal: 0.95, bins: [1, 6], dash: "none" },
  { nominal: 0.8, bins: [2, 5], dash: "7 3" },
  { nominal: 0.5, bins: [3, 4], dash: "2 3" },
] as const;

export interface CoverageOfLead {
  leadHours: number;
  n: number;
  crpsC: number;
  /** Shares inside, in the order of `intervals`. */
  inside: number[];
  /** Observations between the quantiles, from below 2.5 % to above 97.5 %. */
  counts: number[];
}

/** How often the truth fell inside the intervals, by lead. */
export function coverage(data: StationEvaluation, variable: Variable): CoverageOfLead[] {
  const columns = data.calibration.find((row) => row.variable === variable);
  return (columns?.leadHours ?? []).map((leadHours, i) => {
    const counts = columns!.counts[i]!;
    const sum = (from: number, to: number) => counts.slice(from, to + 1).reduce((a, b) => a + b, 0);
    const n = sum(0, 7);
    const inside = intervals.map(({ bins: [from, to] }) => sum(from, to) / n);
    return { leadHours, n, crpsC: columns!.crpsC[i]!, inside, counts };
  });
}
