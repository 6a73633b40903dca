import { publishedModel } from "../../model/vocabulary.js";

// Without the schemas, which would be a third of what a reader of the forecast page downloads.

/** What the words need of a published scorecard. */
interface Week {
  n: number;
  maeC: number;
  others: readonly (Opponent & { n: number; maeC: number; publishedMaeC: number })[];
  days: readonly { best: string }[];
}

interface Opponent {
  name: string;
  imported: boolean;
}

/** "isotherm 1.21, NBM 1.43, persistence 2.90 °C; best on 5 of 7 days": errors and days of a week. */
export function scorecardWords(week: Week, unit: "C" | "F" = "C"): string {
  const { n, maeC, others, days } = week;
  const error = (celsius: number) => (unit === "F" ? celsius * 1.8 : celsius).toFixed(2);
  const own = error(maeC);
  const parts = others.map((other) => {
    const same = error(other.publishedMaeC);
    const note = same === own ? "" : ` (isotherm ${same} over its ${other.n} hours)`;
    return `${opponentName(other)} ${error(other.maeC)}${note}`;
  });
  return `isotherm ${own}, ${parts.join(", ")} °${unit}; best on ${bestDays(week)} of ${days.length} days (n = ${n})`;
}

/** On how many days the published forecast was best. */
export function bestDays({ days }: Pick<Week, "days">): number {
  return days.filter(({ best }) => best === publishedModel).length;
}

/** The name of what a week is compared with, marked when it was imported. */
export function opponentName({ name, imported }: Opponent): string {
  return imported ? `${name} (imported)` : name;
}
