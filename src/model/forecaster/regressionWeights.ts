import { LinearExpert } from "../experts/linearExpert.js";
import { featureNames } from "../features/features.js";
import { columnOf, reportedLeads, type Variable, variables } from "../vocabulary.js";
import type { Forecaster } from "./forecaster.js";

/** Weights of one variable, features in the model's own order. */
export interface WeightMatrix {
  features: string[];
  leads: number[];
  /** °C for one unit of the scaled feature; one row a feature, one column a lead. */
  rows: number[][];
}

/** Leads of which weights are shown: the reported ones and some between, enough for a picture. */
export const weightLeads = [...new Set([...reportedLeads, 2, 4, 5, 8, 10, 15, 18, 21, 30, 36, 42, 54, 60, 66])].sort(
  (a, b) => a - b,
);

/** What the shared-gain recursive least squares have learned; null where a forecaster has none. */
export function regressionWeights({ experts }: Forecaster): Record<Variable, WeightMatrix> | null {
  const rls = experts.find(({ name }) => name === "rls");
  if (!(rls instanceof LinearExpert)) return null;
  const matrix = (v: number): WeightMatrix => {
    const columns = weightLeads.map((lead) => rls.model.weightsOf(columnOf(v, lead)).slice());
    return {
      features: [...featureNames],
      leads: [...weightLeads],
      rows: featureNames.map((_, i) => columns.map((weights) => weights[i]!)),
    };
  };
  return Object.fromEntries(variables.map((variable, v) => [variable, matrix(v)])) as Record<Variable, WeightMatrix>;
}
