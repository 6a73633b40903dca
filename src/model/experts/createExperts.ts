import {
  featureLayout,
  type HourFeatures,
  harmonicCount,
  harmonicNames,
  hourlyFeatureNames,
  temperatureScale,
} from "../features/features.js";
import { hourlyNetworkFeatureNames, networkFeatureNames } from "../features/networkFeatures.js";
import { type ExpertName, expertNames, type GuidanceSource } from "../vocabulary.js";
import { Climatology } from "./climatology.js";
import { CorrectedGuidanceExpert } from "./correctedGuidanceExpert.js";
import type { Expert } from "./expert.js";
import { GuidanceExpert } from "./guidanceExpert.js";
import { LinearExpert } from "./linearExpert.js";
import { type ForecasterOptions, hourlyGroups, regressionDelta, withDefaults } from "./modelOptions.js";
import { Persistence, SeasonalNaive } from "./naiveExpert.js";
import type { RegressionPrior } from "./prior.js";
import { RandomFeatures } from "./randomFeatures.js";
import { SgdExpert } from "./sgdExpert.js";

/** The experts that can start with a prior. */
export const expertsWithPrior = ["rls", "rlsTanh"] as const satisfies readonly ExpertName[];
export type ExpertPriors = Partial<Record<(typeof expertsWithPrior)[number], RegressionPrior>>;

/** The features of `rls` and `rlsTanh` that make a forecast of persistence. */
export function regressionPersistence(options: ForecasterOptions): { features: readonly number[]; scale: number } {
  const { newestTemperature, newestDewPoint } = featureLayout(withDefaults(options).lags);
  return { features: [newestTemperature, newestDewPoint], scale: temperatureScale };
}

/** Number of features of the regressions of one hour of the day. */
export function hourlyFeatureCount(network: boolean): number {
  return hourlyFeatureNames.length + (network ? hourlyNetworkFeatureNames.length : 0);
}

/** The experts of the options, in the order of `modelNames`. */
export function createExperts(options: ForecasterOptions = {}, priors: ExpertPriors = {}): Expert[] {
  const { experts, lags, delta, hourlyDelta, huber, forgetting, network } = withDefaults(options);
  const common = { delta, huber, forgetting };
  const layout = featureLayout(lags);
  const { names, newestTemperature, newestDewPoint } = layout;
  const persistence = regressionPersistence(options);
  const allNames = network ? [...names, ...networkFeatureNames] : names;
  const hourlyNames = network ? [...hourlyFeatureNames, ...hourlyNetworkFeatureNames] : hourlyFeatureNames;
  const writeAll = (features: HourFeatures, x: Float64Array): void => {
    x.set(features.full);
    if (network) x.set(features.network.full, names.length);
  };
  const corrected = (source: GuidanceSource) =>
    new CorrectedGuidanceExpert(source, { layout, network, huber, forgetting });
  const create: Record<ExpertName, () => Expert> = {
    persistence: () => new Persistence(),
    seasonalNaive: () => new SeasonalNaive(),
    climatology: () => new Climatology(),
    blend: () =>
      new LinearExpert({
        name: "blend",
        dimension: 3 + harmonicCount,
        ...common,
        featureNames: ["constant", "T₋0", "Td₋0", ...harmonicNames],
        persistence: { features: [1, 2], scale: temperatureScale },
        inputs: ({ full, harmonics }, x) => {
          x[0] = 1;
          x[1] = full[newestTemperature];
          x[2] = full[newestDewPoint];
          x.set(harmonics, 3);
        },
      }),
    sgd: () => new SgdExpert(),
    rls: () =>
      new LinearExpert({
        name: "rls",
        dimension: allNames.length,
        delta: regressionDelta(options),
        huber,
        forgetting,
        persistence,
        prior: priors.rls,
        featureNames: allNames,
        inputs: writeAll,
      }),
    ownHistory: () =>
      new LinearExpert({
        name: "ownHistory",
        dimension: names.length,
        ...common,
        persistence,
        featureNames: names,
        inputs: ({ full }, x) => x.set(full),
      }),
    hourlyRls: () =>
      new LinearExpert({
        name: "hourlyRls",
        groups: hourlyGroups,
        dimension: hourlyNames.length,
        ...common,
        delta: hourlyDelta,
        persistence: {
          features: [hourlyNames.indexOf("T₋0"), hourlyNames.indexOf("Td₋0")],
          scale: temperatureScale,
        },
        featureNames: hourlyNames,
        inputs: (features, x) => {
          x.set(features.hourly);
          if (network) x.set(features.network.hourly, features.hourly.length);
        },
      }),
    rlsTanh: () => {
      const random = new RandomFeatures({ network });
      return new LinearExpert({
        name: "rlsTanh",
        dimension: allNames.length + random.count,
        delta: regressionDelta(options),
        huber,
        forgetting,
        persistence,
        prior: priors.rlsTanh,
        featureNames: [...allNames, ...Array.from({ length: random.count }, () => "random features")],
        inputs: (features, x) => {
          writeAll(features, x);
          random.compute(features.weather, features.network.weather, x, allNames.length);
        },
      });
    },
    nbm: () => new GuidanceExpert("nbm"),
    nws: () => new GuidanceExpert("nws"),
    other: () => new GuidanceExpert("other"),
    nbmCorrected: () => corrected("nbm"),
    nwsCorrected: () => corrected("nws"),
    otherCorrected: () => corrected("other"),
  };
  // Outside a network `rls` has no other features than `ownHistory`.
  const isUsed = (name: ExpertName) => experts.includes(name) && (network || name !== "ownHistory");
  return expertNames.flatMap((name) => (isUsed(name) ? [create[name]()] : []));
}
