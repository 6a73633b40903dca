import { comparedBaselines, type ModelName, reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { StationEvaluation } from "../../shared/published/stationEvaluation.js";
import { listed } from "../ui/units.js";
import { isGuidance, scoresByModel, skillScore } from "./scoresByModel.js";

/**
 * The published forecast compared with another model at a reported lead, over the hours with both. The tables show these
 * rows, and the verdict is made from them.
 */
export interface Comparison {
  model: ModelName;
  leadHours: number;
  n: number;
  /** Our error minus the other's, °C: negative when ours is smaller. */
  differenceC: number;
  /** One minus the ratio of the errors. */
  skill: number;
  /** 95 % interval of the difference, °C; null with fewer than 30 days, too few to test. */
  intervalC: readonly [low: number, high: number] | null;
}

/** All comparisons of a variable, by model in the order of `comparedBaselines`, then by lead. */
export function comparisonsOf(data: StationEvaluation, variable: Variable): Comparison[] {
  const byModel = scoresByModel(data.scores, variable);
  return comparedBaselines.flatMap((model) =>
    reportedLeads.flatMap((leadHours): Comparison[] => {
      const is = (row: { variable: Variable; leadHours: number; model: ModelName }) =>
        row.variable === variable && row.leadHours === leadHours && row.model === model;
      const tested = data.differences.find(is);
      if (tested) {
        const { n, skill, difference, differenceLow, differenceHigh } = tested;
        return [{ model, leadHours, n, differenceC: difference, skill, intervalC: [differenceLow, differenceHigh] }];
      }
      const untested = (n: number, maeC: number, otherC: number): Comparison[] => [
        { model, leadHours, n, differenceC: maeC - otherC, skill: skillScore(maeC, otherC), intervalC: null },
      ];
      // Guidance has its own scores, of the same hours.
      const guidance = data.guidance.find((row) => row.variable === variable && row.source === model);
      const at = guidance?.leadHours.indexOf(leadHours) ?? -1;
      if (guidance && at >= 0) return untested(guidance.n[at]!, guidance.maeC[at]!, guidance.guidanceC[at]!);
      if (isGuidance(model)) return [];
      const [own, other] = [data.model, model].map((name) =>
        byModel.get(name)?.find((score) => score.leadHours === leadHours),
      );
      return own && other ? untested(other.n, own.maeC, other.maeC) : [];
    }),
  );
}

export function isWorse({ differenceC }: Comparison): boolean {
  return differenceC > 0;
}

/** Whether the 95 % interval leaves out zero. */
export function isSignificant({ intervalC }: Comparison): boolean {
  return intervalC !== null && (intervalC[0] > 0 || intervalC[1] < 0);
}

/** "1, 3 and 6 h ahead" */
export function hoursAhead(rows: readonly Pick<Comparison, "leadHours">[]): string {
  const leads = [...new Set(rows.map(({ leadHours }) => leadHours))].sort((a, b) => a - b);
  return `${listed(leads.map(String))} h ahead`;
}
