import { normal, tanh } from "../arithmetic/deterministicMath.js";
import { weatherInputCount } from "../features/features.js";

export const randomFeatureCount = 150;

const inputWeights = new Float64Array(randomFeatureCount * weatherInputCount);
const offsets = new Float64Array(randomFeatureCount);
{
  const next = normal(2021);
  for (let i = 0; i < inputWeights.length; i++) inputWeights[i] = 0.3 * next();
  for (let i = 0; i < offsets.length; i++) offsets[i] = next();
}
/** Gives the weights of random features 0.3 times the prior variance of the others. */
const scale = Math.sqrt(0.3);

/**
 * The full features followed by tanh(Zᵀω + b), ω ~ 0.3·N(0,1), b ~ N(0,1), seeded. A linear model on them is
 * a shallow network with a fixed random hidden layer (Huang et al. 2006; Rahimi & Recht 2008).
 */
export function withRandomFeatures(full: Float64Array, weather: Float64Array, out: Float64Array): void {
  out.set(full);
  for (let i = 0, k = 0; i < randomFeatureCount; i++) {
    let sum = offsets[i];
    for (let j = 0; j < weatherInputCount; j++, k++) sum += inputWeights[k] * weather[j];
    out[full.length + i] = scale * tanh(sum);
  }
}
