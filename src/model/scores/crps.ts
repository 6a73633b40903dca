import { quantileCount } from "../vocabulary.js";

/** Standard normal quantiles of the issued levels, and of the upper half of twenty levels 1/40, 3/40 … 39/40. */
const issuedScores = [-1.95996, -1.28155, -0.67449, 0, 0.67449, 1.28155, 1.95996];

const upperScores = [0.06271, 0.18912, 0.31864, 0.45376, 0.59776, 0.75542, 0.93459, 1.15035, 1.43953, 1.95996];

/** Twenty quantiles from the issued ones: the levels, the issued quantile before each, how far it is to the next. */
const fine = [...upperScores.map((z) => -z).reverse(), ...upperScores].map((z, i) => {
  let from = 0;
  while (from < quantileCount - 2 && z > issuedScores[from + 1]) from++;
  const share = (z - issuedScores[from]) / (issuedScores[from + 1] - issuedScores[from]);
  return { level: (i + 0.5) / (2 * upperScores.length), from, share };
});

/**
 * Continuous ranked probability score of the distribution that the issued quantiles outline, joined by pieces of normal
 * distributions: twice the mean pinball loss over twenty levels (Gneiting & Raftery 2007, eq. 49). °C.
 */
export function crps(bounds: ArrayLike<number>, y: number): number {
  let sum = 0;
  for (const { level, from, share } of fine)
    sum += pinball(level, bounds[from] + share * (bounds[from + 1] - bounds[from]), y);
  return (2 * sum) / fine.length;
}

/** Pinball loss of a quantile, °C. */
export function pinball(level: number, quantile: number, y: number): number {
  return y < quantile ? (1 - level) * (quantile - y) : level * (y - quantile);
}

/** In which of the eight bins between the quantiles y fell, 0 lowest. */
export function pitBin(bounds: ArrayLike<number>, y: number): number {
  let bin = 0;
  while (bin < quantileCount && y >= bounds[bin]) bin++;
  return bin;
}
