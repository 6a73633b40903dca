import { hourlyFeatureCount } from "../../model/experts/createExperts.js";
import {
  type ForecasterOptions,
  hourlyGroups,
  regressionDelta,
  withDefaults,
} from "../../model/experts/modelOptions.js";
import { priorDays } from "../../model/experts/prior.js";
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
import { networkFeatureNames } from "../../model/features/networkFeatures.js";
import { pointCount, pointsOfRing, ringRadiiKm } from "../../model/network/points.js";
import { watchedLeads } from "../../model/scores/driftAlarm.js";
import { type ExpertName, scoredOnly } from "../../model/vocabulary.js";
import type { StationModel, StationPrior } from "../../shared/published/stationModel.js";
import { monthName } from "../ui/timeZone.js";
import { counted, formatCount, listed } from "../ui/units.js";

/** Each expert in words, as an item of a list. */
const expertsInWords = (network: boolean): Record<ExpertName, string> => ({
  persistence: "persistence",
  seasonalNaive: "the same hour yesterday",
  climatology: "climatology",
  blend: "a blend of these",
  sgd: "the stochastic gradient descent of the original demo",
  ownHistory: "the regression above without the network",
  rls: "the regression above",
  hourlyRls: `${hourlyGroups} smaller regressions on ${hourlyFeatureCount(network)} features, one for each hour of the day`,
  rlsTanh: `the regression above with ${randomFeatureCount(network)} random nonlinear features added`,
  nbm: "the National Blend of Models, where it has a forecast",
  nbmCorrected: "the National Blend of Models, corrected by regressions on its past errors",
  nws: "the weather service’s forecast, where there is one",
  nwsCorrected: "the weather service’s forecast, corrected likewise",
  other: "imported guidance, where there is some",
  otherCorrected: "imported guidance, corrected likewise",
});

/** A station's published model in numbers and words, so that the text of the page follows the model. */
export function modelFacts({ options, prior }: Pick<StationModel, "options" | "prior">) {
  const used = withDefaults(options);
  const { lags, names } = featureLayout(used.lags);
  const words = expertsInWords(used.network);
  const mixed = used.experts.filter((name) => !scoredOnly.includes(name));
  const compared = scoredOnly.filter((name) => used.experts.includes(name) && (used.network || name !== "ownHistory"));
  return {
    inNetwork: used.network,
    featureCount: names.length,
    /** What the regression sees of the weather, as items of a list. */
    features: [
      `${lags.length} past temperatures T, from up to ${lags.at(-1)!} hours ago`,
      `their means over ${listed(meanHours.map((hours) => `${hours} h`))}, and an exponential mean over ${slowMeanHours / 24} days`,
      `${names.filter((name) => name.startsWith("Td") && isTemperature(name)).length} past dew points Td`,
      `${harmonicsOfDay} harmonics of the day and ${harmonicsOfYear} of the year`,
      `products of ${anomalyNames.length} anomalies with the daily cycle`,
      "pressure, wind and cloud, where the station reports them",
      "a constant",
    ],
    /** What it sees of the weather around; empty outside a network. */
    network: used.network ? networkInWords() : [],
    networkCount: used.network ? networkFeatureNames.length : 0,
    wheels: used.network ? wheelsInWords : "",
    start: startInWords(prior, options),
    /** Empty for a station that started with nothing. */
    priorNote: prior ? `, after it started with what ${othersInWords(prior)}` : "",
    /** Errors are clipped at this multiple of their mean size. */
    huber: used.huber,
    memory:
      used.forgetting === 1
        ? "Nothing is forgotten."
        : `After every hour, everything learned before keeps ${used.forgetting} of its weight.`,
    expertCount: mixed.length || used.experts.length,
    experts: (mixed.length > 0 ? mixed : used.experts).map((name) => words[name]),
    compared:
      mixed.length > 0 && compared.length > 0
        ? `For comparison only, ${listed(compared.map((name) => words[name]))} ${compared.length === 1 ? "is" : "are"} scored too, without a weight.`
        : "",
    watchedLeads: listed(watchedLeads.map(({ leadHours }) => String(leadHours))),
  };
}

const wheelsInWords =
  "The wheels show the weights of the fields of the network in this snapshot. The station is in the middle, north is above, " +
  `and the rings are ${listed(ringRadiiKm.map(formatCount))} km away. Products of fields are left out.`;

/** The features of the network, as items of a list. */
function networkInWords(): string[] {
  return [
    `how far temperature, dew point and pressure are from what is usual at this hour of the day, at ${pointCount} points: the station itself, and ${pointsOfRing} directions at each of ${listed(ringRadiiKm.map(formatCount))} km`,
    "how temperature has changed there in 6 h, and pressure in 3 h",
    "products of means and gradients with the daily cycle",
    "the warmth that the wind between high and low pressure carries along",
  ];
}

/** Where the weights of the regression start. */
function startInWords(prior: StationPrior | null, options: ForecasterOptions): string {
  if (prior)
    return `The weights and their covariance start from what ${othersInWords(prior)}, which counts as much as ${priorDays} days of its own.`;
  const symbol = options.network ? "δ/2" : "δ";
  return `The initial weights are those of persistence, with a prior variance of ${symbol} = ${regressionDelta(options)}.`;
}

/** "12 other stations had learned from Jan 2016 to Dec 2020" */
function othersInWords({ stations, firstTime, lastTime }: StationPrior): string {
  const period = [firstTime, lastTime].map((time) => monthName(time));
  return `${counted(stations.length, "other station")} had learned from ${period.join(" to ")}`;
}
