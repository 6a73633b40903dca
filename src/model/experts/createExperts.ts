import {
  featureLayout,
  harmonicCount,
  harmonicNames,
  shortFeatureNames,
  shortNewestDewPoint,
  shortNewestTemperature,
  temperatureScale,
} from "../features/features.js";
import { type ExpertName, expertNames } from "../vocabulary.js";
import { Climatology } from "./climatology.js";
import { CorrectedOfficialExpert } from "./correctedOfficialExpert.js";
import type { Expert } from "./expert.js";
import { LinearExpert } from "./linearExpert.js";
import { type ForecasterOptions, hourlyGroups, withDefaults } from "./modelOptions.js";
import { Persistence, SeasonalNaive } from "./naiveExpert.js";
import { OfficialExpert } from "./officialExpert.js";
import { randomFeatureCount, withRandomFeatures } from "./randomFeatures.js";
import { SgdExpert } from "./sgdExpert.js";

/** The experts of the options, in the order of `modelNames`. */
export function createExperts(options: ForecasterOptions = {}): Expert[] {
  const { experts, lags, delta, hourlyDelta, huber, forgetting } = withDefaults(options);
  const layout = featureLayout(lags);
  const { names, newestTemperature, newestDewPoint } = layout;
  const persistence = { features: [newestTemperature, newestDewPoint], scale: temperatureScale };
  const create: Record<ExpertName, () => Expert> = {
    persistence: () => new Persistence(),
    seasonalNaive: () => new SeasonalNaive(),
    climatology: () => new Climatology(),
    blend: () =>
      new LinearExpert({
        name: "blend",
        dimension: 3 + harmonicCount,
        delta,
        huber,
        forgetting,
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
        dimension: names.length,
        delta,
        huber,
        forgetting,
        persistence,
        featureNames: names,
        inputs: ({ full }, x) => x.set(full),
      }),
    hourlyRls: () =>
      new LinearExpert({
        name: "hourlyRls",
        groups: hourlyGroups,
        dimension: shortFeatureNames.length,
        delta: hourlyDelta,
        huber,
        forgetting,
        persistence: { features: [shortNewestTemperature, shortNewestDewPoint], scale: temperatureScale },
        featureNames: shortFeatureNames,
        inputs: ({ short }, x) => x.set(short),
      }),
    rlsTanh: () =>
      new LinearExpert({
        name: "rlsTanh",
        dimension: names.length + randomFeatureCount,
        delta,
        huber,
        forgetting,
        persistence,
        featureNames: [...names, ...Array.from({ length: randomFeatureCount }, () => "random features")],
        inputs: ({ full, weather }, x) => withRandomFeatures(full, weather, x),
      }),
    official: () => new OfficialExpert(),
    officialCorrected: () => new CorrectedOfficialExpert({ layout, delta, huber, forgetting }),
  };
  return expertNames.flatMap((name) => (experts.includes(name) ? [create[name]()] : []));
}
