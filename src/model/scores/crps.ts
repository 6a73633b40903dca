import { quantileCount } from "../vocabulary.js";

/** Standard normal quantiles at the issued levels. */
const issuedScores = [-1.95996, -1.28155, -0.67449, 0, 0.67449, 1.28155, 1.95996];
/** Standard normal quantiles at the upper half of the twenty levels 1/40, 3/40 … 39/40. */
const upperScores = [0.06271, 0.18912, 0.31864, 0.45376, 0.59776, 0.75542, 0.93459, 1.15035, 1.43953, 1.95996];

/** The twenty quantiles from the issued ones: level, issued quantile below, share of the way to the next. */
const fineQuantiles = [...upperScores.map((z) => -z).reverse(), ...upperScores].map((z, i) => {
  let from = 0;
  while (from < quantileCount - 2 && z > issuedScores[from + 1]) from++;
  const share = (z - issuedScores[from]) / (issuedScores[from + 1] - issuedScores[from]);
  return { level: (i + 0.5) / (2 * upperScores.length), from, share };
});

/**
 * Continuous ranked probability score, °C: twice the mean pinball loss over twenty levels (Gneiting & Raftery 2007,
 * eq. 49). Between the issued quantiles the distribution follows pieces of normal distributions.
 */
export function crps(bounds: ArrayLike<number>, y: number): number {
  let sum = 0;
  for (const { level, from, share } of fineQuantiles)
    sum += pinball(level, bounds[from] + share * (bounds[from + 1] - bounds[from]), y);
  return (2 * sum) / fineQuantiles.length;
}

/** Pinball loss of a quantile, °C. */
export function pinball(level: number, quantile: number, y: number): number {
  return y < quantile ? (1 - level) * (quantile - y) : level * (y - quantile);
}

/** Index of the bin between the quantiles that holds y, 0 lowest, of eight. */
export function pitBin(bounds: ArrayLike<number>, y: number): number {
  let bin = 0;
  while (bin < quantileCount && y >= bounds[bin]) bin++;
  return bin;
}
