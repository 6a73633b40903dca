import { guidanceSlot, publishedModel, scorecardOpponents } from "../../model/vocabulary.js";
import { groupBy } from "../../shared/groupBy.js";
import type { Scorecard } from "../../shared/published/scorecard.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { type Published, rowsByStation } from "./openPublished.js";

type Opponent = (typeof scorecardOpponents)[number];

const scorecardLead = 24;
const weekMs = 7 * dayMs;
/** With fewer scored days there is no scorecard, and a source with fewer is not compared. */
export const leastDays = 3;

/** Errors of a day, °C: of one model, and of the published forecast at the same hours. */
export interface ScoredDay {
  day: number;
  model: Opponent;
  n: number;
  mae: number;
  publishedMae: number;
}

/** A source of guidance by its stored name. */
interface NamedSource {
  name: string;
  imported: boolean;
}

/**
 * Reads what scorecards are made of. Days count back from a station's newest observation, not from the time of the run, so
 * that the scorecard of a station without new data stays the same.
 * @param weeks how many weeks to read
 * @returns the scorecard of the seven days before `end`, by default of the last complete ones; null with too few days
 */
export async function readScorecards(
  published: Published,
  stations: readonly StationSummary[],
  weeks = 1,
): Promise<(station: StationSummary, end?: number) => Scorecard | null> {
  const days = await rowsByStation<ScoredDay>(
    published,
    stations,
    `SELECT stationId, day, model, n, round(mae, 2) AS mae, round(publishedMae, 2) AS publishedMae
     FROM dailyLosses JOIN stations USING (stationId)
     WHERE stationId IN $stations AND variable = 'temperature' AND leadHours = ${scorecardLead}
       AND model IN (${scorecardOpponents.map((name) => `'${name}'`)})
       AND day > newestObservedTime - ${(weeks + 1) * weekMs}
     ORDER BY stationId, day, model`,
  );
  const sources = await rowsByStation<NamedSource>(
    published,
    stations,
    `SELECT stationId, source AS name, bool_and(imported) AS imported FROM guidance JOIN stations USING (stationId)
     WHERE stationId IN $stations AND issuedTime > newestObservedTime - ${(weeks + 1) * weekMs} GROUP BY ALL`,
  );
  return (station, end = completeUntil(station)) => scorecardOf(days(station), sources(station), end);
}

/** End of the last day (UTC) through whose last hour a station has observations. */
export function completeUntil({ newestObservedTime }: Pick<StationSummary, "newestObservedTime">): number {
  return Math.floor(((newestObservedTime ?? 0) + hourMs) / dayMs) * dayMs;
}

/** The scorecard of the seven days before `to`; null with too few scored days. */
export function scorecardOf(
  scored: readonly ScoredDay[],
  sources: readonly NamedSource[],
  to: number,
): Scorecard | null {
  const from = to - weekMs;
  const within = scored.filter(({ day }) => day >= from && day < to);
  const others = scorecardOpponents.flatMap((model) => {
    const own = within.filter((row) => row.model === model);
    return own.length < leastDays ? [] : [{ model, rows: own, ...namesOf(model, sources), ...meansOf(own) }];
  });
  // The published forecast is scored wherever persistence is.
  const all = others.find(({ model }) => model === "persistence");
  if (!all) return null;
  const byDay = groupBy(
    others.flatMap(({ rows }) => rows),
    ({ day }) => day,
  );
  return {
    from,
    to,
    leadHours: scorecardLead,
    n: all.n,
    maeC: all.publishedMaeC,
    others: others.map(({ rows: _, ...other }) => other),
    days: [...byDay].sort(([a], [b]) => a - b).map(([day, rows]) => ({ day, best: bestOf(rows) })),
  };
}

function meansOf(rows: readonly ScoredDay[]): { n: number; maeC: number; publishedMaeC: number } {
  let [n, maeC, publishedMaeC] = [0, 0, 0];
  for (const row of rows) {
    n += row.n;
    maeC += row.n * row.mae;
    publishedMaeC += row.n * row.publishedMae;
  }
  const thousandths = (sum: number) => Math.round((sum / n) * 1000) / 1000;
  return { n, maeC: thousandths(maeC), publishedMaeC: thousandths(publishedMaeC) };
}

/** The model with the smallest error of a day, each compared at the hours it shares with the published forecast. */
function bestOf(rows: readonly ScoredDay[]): Opponent | typeof publishedModel {
  const strongest = rows.reduce((best, row) =>
    row.mae - row.publishedMae < best.mae - best.publishedMae ? row : best,
  );
  return strongest.publishedMae < strongest.mae ? publishedModel : strongest.model;
}

const shortNames: Readonly<Record<string, string>> = { nbm: "NBM", nws: "NWS" };

function namesOf(model: Opponent, sources: readonly NamedSource[]): NamedSource {
  if (model === "persistence") return { name: model, imported: false };
  const source = sources.find(({ name }) => guidanceSlot(name) === model);
  return { name: shortNames[model] ?? source?.name ?? model, imported: source?.imported ?? false };
}
