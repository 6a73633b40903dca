import { LinearExpert } from "../experts/linearExpert.js";
import { networkFeatureNames, pointFeatureNames } from "../features/networkFeatures.js";
import { columnOf, reportedLeads, type Variable, variables } from "../vocabulary.js";
import type { Forecaster } from "./forecaster.js";

/** Weights of one variable, with the features in the order of the model. */
export interface WeightMatrix {
  features: string[];
  leads: number[];
  /** feature × lead, °C per unit of the scaled feature */
  rows: number[][];
}

/** Leads whose weights are published: the reported ones and some between, enough for a chart. */
export const weightLeads = [...new Set([...reportedLeads, 2, 4, 5, 8, 10, 15, 18, 21, 30, 36, 42, 54, 60, 66])].sort(
  (a, b) => a - b,
);

/** Features of the network without their own rows: products of those that have one. */
const products = new Set(networkFeatureNames.slice(pointFeatureNames.length));

/**
 * The weights of the `rls` expert on the station's own features and, in a network, on the fields at each point; null when
 * the options leave it out.
 */
export function regressionWeights({ experts }: Forecaster): Record<Variable, WeightMatrix> | null {
  const rls = experts.find(({ name }) => name === "rls");
  if (!(rls instanceof LinearExpert)) return null;
  const features = rls.featureNames.filter((name) => !products.has(name));
  const matrix = (v: number): WeightMatrix => {
    const columns = weightLeads.map((lead) => rls.model.weightsOf(columnOf(v, lead)).slice());
    return {
      features: [...features],
      leads: [...weightLeads],
      // The products are last.
      rows: features.map((_, i) => columns.map((weights) => weights[i]!)),
    };
  };
  return Object.fromEntries(variables.map((variable, v) => [variable, matrix(v)])) as Record<Variable, WeightMatrix>;
}
