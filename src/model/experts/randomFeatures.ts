import { normal, tanh } from "../arithmetic/deterministicMath.js";
import { weatherInputCount } from "../features/features.js";
import { networkWeatherCount } from "../features/networkFeatures.js";

const ownRandomFeatureCount = 150;
const networkRandomFeatureCount = 300;
/** Gives the weights of random features 0.3 times the prior variance of the others. */
const scale = Math.sqrt(0.3);
/** Standard deviations of ω for the station's own inputs and for those of the network. */
const ownSpread = 0.3;
const networkSpread = 0.05;

/** Number of random features, in a network or outside. */
export function randomFeatureCount(network: boolean): number {
  return network ? networkRandomFeatureCount : ownRandomFeatureCount;
}

/**
 * Features tanh(Zᵀω + b), ω ~ 0.3·N(0,1), b ~ N(0,1), seeded. A linear model on them is a shallow network with a fixed
 * random hidden layer (Huang et al. 2006; Rahimi & Recht 2008).
 */
export class RandomFeatures {
  readonly count: number;
  private readonly inputs: number;
  private readonly weights: Float64Array;
  private readonly offsets: Float64Array;

  /** @param network whether they also see the fields around the station */
  constructor({ network }: { network: boolean }) {
    this.count = randomFeatureCount(network);
    this.inputs = weatherInputCount + (network ? networkWeatherCount : 0);
    const next = normal(2021);
    const spreads = Array.from({ length: this.inputs }, (_, i) => (i < weatherInputCount ? ownSpread : networkSpread));
    this.weights = Float64Array.from(
      { length: this.count * this.inputs },
      (_, i) => spreads[i % this.inputs]! * next(),
    );
    this.offsets = Float64Array.from({ length: this.count }, next);
  }

  /** Writes the features to `out` from index `at`. @param own, network inputs; `network` is not read outside a network */
  compute(own: Float64Array, network: Float64Array, out: Float64Array, at: number): void {
    const extra = this.inputs - weatherInputCount;
    for (let i = 0, k = 0; i < this.count; i++) {
      let sum = this.offsets[i];
      for (let j = 0; j < weatherInputCount; j++, k++) sum += this.weights[k] * own[j];
      for (let j = 0; j < extra; j++, k++) sum += this.weights[k] * network[j];
      out[at + i] = scale * tanh(sum);
    }
  }
}
