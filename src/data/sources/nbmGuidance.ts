import { hourMs } from "../../shared/time.js";
import type { GuidanceHour, NbmBlock } from "./nbm.js";

/** Hours of both bulletins are printed from one forecast; more than its rounding apart, °C, one of them is damaged. */
const sameC = 1.2;

/** The hours with a temperature of a run, in order: of NBH where both bulletins have a value. */
export function joinBulletins(
  nbh: NbmBlock | null,
  nbs: NbmBlock | null,
): { hours: (GuidanceHour & { temperatureC: number })[]; problems: string[] } {
  const problems = [nbh, nbs].flatMap((block) => block?.problems.map((text) => `${block.bulletin}: ${text}`) ?? []);
  const hours = new Map<number, GuidanceHour>(nbh?.hours.map((hour) => [hour.validTime, hour]));
  for (const hour of nbs?.hours ?? []) {
    const other = hours.get(hour.validTime);
    if (isUnlike(hour, other, "temperatureC")) {
      const lead = (hour.validTime - nbs!.runTime) / hourMs;
      problems.push(`lead ${lead}: nbh has ${other!.temperatureC} °C, nbs ${hour.temperatureC} °C`);
      hours.delete(hour.validTime);
    } else if (other === undefined || other.temperatureC === null) hours.set(hour.validTime, hour);
    else if (isUnlike(hour, other, "dewPointC")) hours.set(hour.validTime, { ...other, dewPointC: null });
    else hours.set(hour.validTime, { ...other, dewPointC: other.dewPointC ?? hour.dewPointC });
  }
  const known = [...hours.values()].filter((hour) => hour.temperatureC !== null);
  return {
    hours: known.sort((a, b) => a.validTime - b.validTime) as (GuidanceHour & { temperatureC: number })[],
    problems,
  };
}

function isUnlike(hour: GuidanceHour, other: GuidanceHour | undefined, name: "temperatureC" | "dewPointC"): boolean {
  const [value, otherValue] = [hour[name], other?.[name] ?? null];
  return value !== null && otherValue !== null && Math.abs(value - otherValue) > sameC;
}
