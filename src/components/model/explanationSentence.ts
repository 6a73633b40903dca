import { fullTime } from "../ui/timeZone.js";
import { formatNumber, formatSigned } from "../ui/units.js";
import type { LeadExplanation } from "./explanationOfLead.js";

/** The main reasons in words. */
export function explanationSentence(lead: LeadExplanation | null, { zone }: { zone: string }): string {
  if (!lead) return "No forecast has been issued for this hour, so there is nothing to explain.";
  const { variable, leadHours, forecast, now, validTime, groups } = lead;
  const quantity = variable === "temperature" ? "temperature" : "dew point";
  const largest = [...groups].sort((a, b) => Math.abs(b.hundredths) - Math.abs(a.hundredths)).slice(0, 3);
  const reasons = largest.map(({ group, hundredths }) => `${group} ${formatSigned(hundredths / 100, 1)}`);
  const told = reasons.length > 1 ? `${reasons.slice(0, -1).join(", ")} and ${reasons.at(-1)}` : reasons.join("");
  return (
    `For ${fullTime(validTime, zone)}, ${leadHours} h ahead, the ${quantity} forecast is ${formatNumber(forecast / 100, 1)} °C; ` +
    `it was ${formatNumber(now / 100, 1)} °C when that was issued.` +
    (told ? ` What changes it most: ${told} °C.` : "")
  );
}
