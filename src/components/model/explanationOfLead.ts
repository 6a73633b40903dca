import { sum } from "d3";
import { type ExplanationGroup, explanationGroups, groupOf } from "../../model/forecaster/explanation.js";
import type { ExpertName, Variable } from "../../model/vocabulary.js";
import type { StationExplanation } from "../../shared/published/stationExplanation.js";
import { hourMs } from "../../shared/time.js";
import { fullTime } from "../ui/timeZone.js";
import { formatNumber, formatSigned, listed } from "../ui/units.js";

/** The parts of the forecast at one lead, in hundredths of a degree, which add up exactly. */
export interface LeadExplanation {
  variable: Variable;
  leadHours: number;
  issuedTime: number;
  validTime: number;
  forecast: number;
  now: number;
  /** The steps from the newest observation to the forecast, in the order of `explanationGroups`, without empty ones. */
  groups: GroupShare[];
  /** Forecast, °C, and weight of each expert, null where it has none; the largest weight first. */
  experts: { model: ExpertName; forecastC: number | null; weight: number | null }[];
}

export interface GroupShare {
  group: ExplanationGroup;
  hundredths: number;
  /** In order of size, largest first. */
  parts: { part: string; hundredths: number }[];
}

/** Null where nothing was issued for the lead. */
export function explanationOfLead(
  data: StationExplanation,
  variable: Variable,
  leadHours: number,
): LeadExplanation | null {
  const { leads, forecastC, parts, experts } = data.variables[variable];
  const index = leads.indexOf(leadHours);
  if (index < 0 || data.issuedTime === null) return null;
  const shares = parts
    .map(({ part, hundredths }) => ({ part, hundredths: hundredths[index]!, group: groupOf(part) }))
    .filter(({ hundredths }) => hundredths !== 0)
    .sort((a, b) => Math.abs(b.hundredths) - Math.abs(a.hundredths));
  const total = (some: readonly { hundredths: number }[]) => sum(some, ({ hundredths }) => hundredths);
  const ofGroup = (group: ExplanationGroup) => shares.filter((share) => share.group === group);
  return {
    variable,
    leadHours,
    issuedTime: data.issuedTime,
    validTime: data.issuedTime + leadHours * hourMs,
    forecast: Math.round(forecastC[index]! * 100),
    now: total(ofGroup("now")),
    groups: explanationGroups
      .filter((group) => group !== "now" && ofGroup(group).length > 0)
      .map((group) => ({ group, hundredths: total(ofGroup(group)), parts: ofGroup(group) })),
    experts: experts
      .map(({ model, forecastC, weight }) => ({ model, forecastC: forecastC[index]!, weight: weight[index]! }))
      .sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0)),
  };
}

/** The forecast and its three main reasons in a sentence. */
export function explanationSentence(lead: LeadExplanation | null, { zone }: { zone: string }): string {
  if (!lead) return "No forecast has been issued for this hour, so there is nothing to explain.";
  const { variable, leadHours, forecast, now, validTime, groups } = lead;
  const quantity = variable === "temperature" ? "temperature" : "dew point";
  const largest = [...groups].sort((a, b) => Math.abs(b.hundredths) - Math.abs(a.hundredths)).slice(0, 3);
  const reasons = largest.map(({ group, hundredths }) => `${group} ${formatSigned(hundredths / 100, 1)}`);
  return (
    `For ${fullTime(validTime, zone)}, ${leadHours} h ahead, the ${quantity} forecast is ${formatNumber(forecast / 100, 1)} °C; ` +
    `it was ${formatNumber(now / 100, 1)} °C when the forecast was issued.` +
    (reasons.length > 0 ? ` The main reasons: ${listed(reasons)} °C.` : "")
  );
}
