import type { StationSummary } from "../../shared/published/stationSummary.js";
import { html } from "../ui/html.js";
import { formatPercent, formatSigned } from "../ui/units.js";
import { classColour, classScale } from "./classScale.js";

type Skilled = Pick<StationSummary, "guidanceSkill24">;

/** Bounds of the classes of skill. */
const bounds = [0.05, 0.15, 0.3];

/** Whether the forecast of any station can be compared with guidance. */
export function hasGuidance(stations: readonly Skilled[]): boolean {
  return stations.some(({ guidanceSkill24 }) => guidanceSkill24 !== null);
}

/** Colour of a station by its skill against guidance: blue where ours is better, brown where it is worse. */
export function skillColour({ guidanceSkill24 }: Skilled): string {
  return guidanceSkill24 === null ? "var(--panel)" : classColour(-guidanceSkill24, bounds);
}

/** "skill +28 % against guidance" */
export function skillWords({ guidanceSkill24 }: Skilled): string {
  return guidanceSkill24 === null ? "no guidance" : `skill ${signedPercent(guidanceSkill24)} against guidance`;
}

export function signedPercent(share: number): string {
  return `${share > 0.005 ? "+" : ""}${formatPercent(share)}`;
}

/** The legend of the map coloured by skill. */
export function skillLegend(stations: readonly Skilled[]): HTMLElement {
  const compared = stations.filter(({ guidanceSkill24 }) => guidanceSkill24 !== null).length;
  return html`<div class="network-legend">
    ${classScale(bounds, { unit: "%", format: (limit) => formatSigned(limit * 100, 0), isReversed: true })}
    <p class="small muted">Skill of the temperature forecast 24 h ahead against guidance: how much smaller our mean error is than that of the best source over the same hours. Below 0 guidance is better.
    ${compared} of ${stations.length} stations have guidance; a ring has none.</p>
  </div>`;
}
