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

/** What each expert is, as one of a list. */
const experts: Record<ExpertName, string> = {
  persistence: "persistence",
  seasonalNaive: "the same hour yesterday",
  climatology: "climatology",
  blend: "a blend of these",
  sgd: "the seed’s stochastic gradient descent",
  rls: "the regression above",
  hourlyRls: `${hourlyGroups} such, one for each hour of the day`,
  rlsTanh: `one with ${randomFeatureCount} random nonlinear features more`,
  official: "where there is one, the weather service’s forecast as it is",
  officialCorrected: "that forecast as a regression on its own errors corrects it",
};

/** The published model in numbers and words, for prose: whatever the model is changed to, the page tells. */
export interface ModelFacts {
  featureCount: number;
  lagCount: number;
  dewPointLagCount: number;
  longestLag: number;
  /** Such as "24 h, 168 h". */
  means: string;
  slowMeanDays: number;
  harmonicsOfDay: number;
  harmonicsOfYear: number;
  anomalyCount: number;
  /** Prior variance δ of the weights. */
  delta: number;
  /** Innovations are clipped at so many of their usual sizes. */
  huber: number;
  /** What becomes of what was learned. */
  memory: string;
  expertCount: number;
  experts: string;
  /** Leads whose errors raise alarms, such as "1 and 24". */
  watchedLeads: string;
}

export function modelFacts(options: ForecasterOptions): ModelFacts {
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
    huber: used.huber,
    memory:
      used.forgetting === 1
        ? "Nothing is ever forgotten."
        : `With every hour what was learned before keeps ${used.forgetting} of its weight.`,
    expertCount: used.experts.length,
    experts: listed(used.experts.map((name) => experts[name])),
    watchedLeads: listed(watchedLeads.map(({ leadHours }) => String(leadHours))),
  };
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
