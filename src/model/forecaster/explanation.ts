import type { Contribution } from "../experts/expert.js";
import { usualDepression } from "../features/features.js";
import { columnOf, type Variable, variables } from "../vocabulary.js";
import type { Forecaster } from "./forecaster.js";
import { advectionPart, byPoint, pointOf } from "./networkParts.js";

/** Groups of the parts of a forecast, in the order in which explanations show them. */
export const explanationGroups = [
  "now",
  "last 12 hours",
  "the days before",
  "means of days and weeks",
  "humidity",
  "daily cycle",
  "season and usual level",
  "air around",
  "pressure around",
  "pressure",
  "wind",
  "cloud",
  "nonlinear features",
  "guidance",
  "saturation",
] as const;
export type ExplanationGroup = (typeof explanationGroups)[number];

export const nowPart = "now";
const otherLevel: Record<Variable, string> = { temperature: "Td₋0 - T₋0", dewPoint: "T₋0 - Td₋0" };
const levelPart = "usual level";

/**
 * The newest forecast explained from the newest observation: that observation, then the parts that change it, which
 * add up to the forecast. `Forecaster.explain` starts from 0 °C instead, and splits the temperature itself
 * arbitrarily between lags that are nearly equal. Here each past temperature counts by its difference from the
 * newest. If the shares of the lags do not add up to 1, the rest is the pull towards the usual level.
 * @returns empty when nothing was issued
 */
export function explanationOf(forecaster: Forecaster, variable: Variable, leadHours: number): Contribution[] {
  const ofFeatures = forecaster.explain(columnOf(variables.indexOf(variable), leadHours));
  const contributions = byPoint(ofFeatures, forecaster.newestFields);
  if (ofFeatures.length === 0) return [];
  const [temperature, dewPoint] = [forecaster.newest(0), forecaster.newest(1)];
  const newest = { temperature, dewPoint: Number.isNaN(dewPoint) ? temperature - usualDepression : dewPoint };
  const shares = { temperature: 0, dewPoint: 0 };
  const parts: Contribution[] = contributions.map(({ feature, contributionC, perDegree }) => {
    if (perDegree === undefined) return { feature, contributionC };
    const quantity = feature.startsWith("guidance") ? variable : feature.startsWith("Td") ? "dewPoint" : "temperature";
    shares[quantity] += perDegree;
    return { feature, contributionC: contributionC - perDegree * newest[quantity] };
  });
  const other = variable === "temperature" ? "dewPoint" : "temperature";
  const now = newest[variable];
  return [
    { feature: nowPart, contributionC: now },
    ...parts,
    { feature: otherLevel[variable], contributionC: shares[other] * (newest[other] - now) },
    { feature: levelPart, contributionC: (shares.temperature + shares.dewPoint - 1) * now },
  ];
}

/** The group of a part. Throws for an unknown part. */
export function groupOf(part: string): ExplanationGroup {
  const lag = /^T₋(\d+)$/.exec(part);
  if (lag) return Number(lag[1]) <= 12 ? "last 12 hours" : "the days before";
  if (part === advectionPart) return "air around";
  if (pointOf(part) !== undefined) return /pressure/.test(part) ? "pressure around" : "air around";
  const group = patterns.find(([pattern]) => pattern.test(part))?.[1];
  if (!group) throw new Error(`no group for ${part}`);
  return group;
}

/** The first pattern that matches a part decides its group. */
const patterns: readonly (readonly [RegExp, ExplanationGroup])[] = [
  [/^now$/, "now"],
  [/^capped/, "saturation"],
  [/^guidance/, "guidance"],
  [/^random/, "nonlinear features"],
  [/^pressure/, "pressure"],
  [/^wind/, "wind"],
  [/^cloud/, "cloud"],
  [/^mean[^×]*$/, "means of days and weeks"],
  [/^T₋0 - Td₋0$|^Td₋|^T-Td/, "humidity"],
  [/\bday\b|^hour \d+$/, "daily cycle"],
  [/^constant$|^usual level$|\byear\b|^month \d+$/, "season and usual level"],
];
