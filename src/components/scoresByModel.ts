import type { ScoreByLead } from "../data/stationEvaluation.js";
import type { ModelName, Variable } from "../model/vocabulary.js";

/** The scores of one variable, by model; leads in order. */
export function scoresByModel(scores: readonly ScoreByLead[], variable: Variable): Map<ModelName, ScoreByLead[]> {
  const byModel = new Map<ModelName, ScoreByLead[]>();
  for (const score of scores) {
    if (score.variable !== variable) continue;
    const leads = byModel.get(score.model) ?? [];
    leads.push(score);
    byModel.set(score.model, leads);
  }
  return byModel;
}

/** 1 - MAE / MAE of the baseline: 1 is perfect, 0 no better than the baseline, negative worse. */
export function skillScore(maeC: number, baselineMaeC: number): number {
  return 1 - maeC / baselineMaeC;
}
