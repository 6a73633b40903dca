import type { EvaluationPeriod } from "../../shared/published/stationEvaluation.js";
import type { Published } from "./openPublished.js";

/** The evaluation periods: all months, the last twelve months, and each year. */
export async function evaluationPeriods({ query }: Pick<Published, "query">): Promise<EvaluationPeriod[]> {
  const [{ first, last }] = (await query<{ first: number | null; last: number | null }>(
    "SELECT min(month) AS first, max(month) AS last FROM scores",
  )) as [{ first: number | null; last: number | null }];
  const all = { name: "all", from: 0, to: Date.UTC(9999, 0) };
  if (first === null || last === null) return [all];
  const [firstYear, lastYear] = [first, last].map((time) => new Date(time).getUTCFullYear()) as [number, number];
  const end = new Date(last);
  const [year, month] = [end.getUTCFullYear(), end.getUTCMonth()];
  const years = Array.from({ length: lastYear - firstYear + 1 }, (_, i) => lastYear - i);
  return [
    all,
    { name: "last-12-months", from: Date.UTC(year, month - 11), to: Date.UTC(year, month + 1) },
    ...years.map((y) => ({ name: String(y), from: Date.UTC(y, 0), to: Date.UTC(y + 1, 0) })),
  ];
}

/** SQL of a table `periods(period, fromTime, toTime)` for a WITH clause. */
export function periodsTable(periods: readonly EvaluationPeriod[]): string {
  const rows = periods.map(({ name, from, to }) => `('${name}', ${from}::DOUBLE, ${to}::DOUBLE)`);
  return `periods(period, fromTime, toTime) AS (VALUES ${rows.join(", ")})`;
}
