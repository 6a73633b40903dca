import { type ForecasterOptions, hourlyGroups, withDefaults } from "../../model/experts/modelOptions.js";
import { randomFeatureCount } from "../../model/experts/randomFeatures.js";
import {
  anomalyNames,
  featureLayout,
  harmonicsOfDay,
  harmonicsOfYear,
  isTemperature,
  meanHours,
} from "../../model/features/features.js";
import { slowMeanHours } from "../../model/features/history.js";
import { watchedLeads } from "../../model/scores/driftAlarm.js";
import type { ExpertName } from "../../model/vocabulary.js";
import { listed } from "../ui/units.js";

/** Each expert in words, as an item of a list. */
const experts: Record<ExpertName, string> = {
  persistence: "persistence",
  seasonalNaive: "the same hour yesterday",
  climatology: "climatology",
  blend: "a blend of these",
  sgd: "the stochastic gradient descent of the original demo",
  ownHistory: "the regression above on the station’s own observations alone",
  rls: "the regression above",
  hourlyRls: `${hourlyGroups} smaller regressions, one for each hour of the day`,
  rlsTanh: `the same regression with ${randomFeatureCount} random nonlinear features added`,
  official: "the weather service’s forecast, where there is one",
  officialCorrected: "that forecast corrected by a regression on its past errors",
};

/** The published model in numbers and words, so that the text of the page follows the model. */
export function modelFacts(options: ForecasterOptions) {
  const used = withDefaults(options);
  const { lags, names } = featureLayout(used.lags);
  return {
    featureCount: names.length,
    lagCount: lags.length,
    dewPointLagCount: names.filter((name) => name.startsWith("Td") && isTemperature(name)).length,
    longestLag: lags.at(-1)!,
    means: meanHours.map((hours) => `${hours} h`).join(", "),
    slowMeanDays: slowMeanHours / 24,
    harmonicsOfDay,
    harmonicsOfYear,
    anomalyCount: anomalyNames.length,
    delta: used.delta,
    /** Errors are clipped at this multiple of their mean size. */
    huber: used.huber,
    memory:
      used.forgetting === 1
        ? "Nothing is forgotten."
        : `After every hour, everything learned before keeps ${used.forgetting} of its weight.`,
    expertCount: used.experts.length,
    experts: listed(used.experts.map((name) => experts[name])),
    watchedLeads: listed(watchedLeads.map(({ leadHours }) => String(leadHours))),
  };
}
