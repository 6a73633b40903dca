import { sqlText } from "../../data/store/sqlText.js";
import type { EvaluationPeriod } from "../../shared/published/stationEvaluation.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dayMs } from "../../shared/time.js";
import type { Published } from "./openPublished.js";

/** Learning for less than this is spin-up. */
const spinUpDays = 28;
const endOfTime = Date.UTC(9999, 0);

/**
 * The end of the spin-up of a model, in which it has learned little: the first month that begins at least four weeks after
 * its training start. Scores are kept by month, so a spin-up has 28 to 59 days.
 */
export function spinUpEnd(genesisTime: number): number {
  const learned = new Date(genesisTime + spinUpDays * dayMs);
  const [year, month] = [learned.getUTCFullYear(), learned.getUTCMonth()];
  const begins = Date.UTC(year, month);
  return begins === learned.getTime() ? begins : Date.UTC(year, month + 1);
}

/**
 * The evaluation periods: all months since spin-up, all months, the last twelve months, and each year. Only "all" has the
 * months of spin-up, which each station has its own of: see `periodOf`.
 */
export async function evaluationPeriods({ query }: Pick<Published, "query">): Promise<EvaluationPeriod[]> {
  const [{ first, last, genesisTime }] = (await query<Record<"first" | "last" | "genesisTime", number | null>>(
    `SELECT min(month) AS first, max(month) AS last, (SELECT min(genesisTime) FROM stations) AS genesisTime FROM scores`,
  )) as [Record<"first" | "last" | "genesisTime", number | null>];
  const open = ["since-spin-up", "all"].map((name) => ({ name, from: 0, to: endOfTime }));
  if (first === null || last === null) return open;
  const from = genesisTime === null ? first : Math.max(first, spinUpEnd(genesisTime));
  const end = new Date(last);
  const [year, month] = [end.getUTCFullYear(), end.getUTCMonth()];
  const years: EvaluationPeriod[] = [];
  for (let y = year; y >= new Date(from).getUTCFullYear(); y--)
    years.push({ name: String(y), from: Date.UTC(y, 0), to: Date.UTC(y + 1, 0) });
  return [
    ...open,
    { name: "last-12-months", from: Date.UTC(year, month - 11), to: Date.UTC(year, month + 1) },
    ...years,
  ];
}

/** A period as it is for a station: without the station's spin-up, unless it is "all". */
export function periodOf(
  { name, from, to }: EvaluationPeriod,
  { genesisTime }: Pick<StationSummary, "genesisTime">,
): EvaluationPeriod {
  const isCut = name !== "all" && genesisTime !== null;
  return { name, from: isCut ? Math.max(from, spinUpEnd(genesisTime)) : from, to };
}

/** SQL of a table `periods(stationId, period, fromTime, toTime)` for a WITH clause. */
export function periodsTable(
  periods: readonly EvaluationPeriod[],
  stations: readonly Pick<StationSummary, "stationId" | "genesisTime">[],
): string {
  const rows = stations.flatMap((station) =>
    periods.map((period) => {
      const { name, from, to } = periodOf(period, station);
      return `(${sqlText(station.stationId)}, '${name}', ${from}::DOUBLE, ${to}::DOUBLE)`;
    }),
  );
  return `periods(stationId, period, fromTime, toTime) AS (VALUES ${rows.join(", ")})`;
}
