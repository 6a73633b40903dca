import { type EveningModel, eveningModels, type GuidanceSource, publishedModel } from "../../model/vocabulary.js";
import type { EveningRow, EveningTally, StationEvening } from "../published/scorecard.js";
import { standardOffset } from "../time.js";

// Without the schemas, which would be a third of what a reader of the forecast page downloads.

/** A row of `/api/<key>/evenings.parquet`. */
export type EveningForecastRow = Omit<StationEvening, "tally">;

/** A tally counts at most so many nights or days. */
export const tallyNights = 30;

const names: Readonly<Record<EveningModel, string>> = {
  [publishedModel]: "isotherm",
  nbm: "NBM",
  nws: "NWS",
  other: "imported guidance",
  persistence: "persistence",
};

export function eveningModelName(model: EveningModel): string {
  return names[model];
}

/** What each model said, °C; the published one's median first. Models without a forecast are left out. */
export function saidBy(row: EveningForecastRow): { model: EveningModel; valueC: number }[] {
  const values = { [publishedModel]: row.p50, ...guidanceOf(row), persistence: row.persistenceC };
  return eveningModels.flatMap((model) => {
    const valueC = values[model];
    return valueC === null ? [] : [{ model, valueC }];
  });
}

function guidanceOf(row: EveningForecastRow): Record<GuidanceSource, number | null> {
  return { nbm: row.nbmC, nws: row.nwsC, other: row.otherC };
}

/** Who was nearest to what came; null while that is unknown. The published model only without a tie. */
export function nearestOf(row: EveningForecastRow): EveningModel | null {
  const { truthC } = row;
  if (truthC === null) return null;
  const [own, ...others] = saidBy(row).map(({ model, valueC }) => ({ model, error: errorOf(valueC, truthC) }));
  // From the strongest opponent on, so that the first of equal ones stays.
  const best = others.reduce((a, b) => (b.error < a.error ? b : a), others[0] ?? own!);
  return own!.error < best.error ? own!.model : best.model;
}

/** Absolute error, °C; in tenths, as the values are, so that equal ones are equal. */
export function errorOf(valueC: number, truthC: number): number {
  return Math.abs(Math.round((valueC - truthC) * 10)) / 10;
}

/** Whether what came is inside the 80 % interval. */
export function isInside({ p10, p90, truthC }: Pick<EveningRow, "p10" | "p90" | "truthC">): boolean {
  return truthC !== null && p10 <= truthC && truthC <= p90;
}

/** The tallies of an evening's kind up to it. */
export function talliesOf(rows: readonly EveningForecastRow[], upTo: EveningForecastRow): StationEvening["tally"] {
  const decided = rows.filter(
    ({ kind, issuedTime, truthC }) => kind === upTo.kind && issuedTime <= upTo.issuedTime && truthC !== null,
  );
  return {
    live: tallyOf(decided.filter(({ live }) => live)),
    replayed: tallyOf(decided.filter(({ live }) => !live)),
  };
}

/** The tally of the newest of decided rows, oldest first; null without any. */
function tallyOf(decided: readonly EveningForecastRow[]): EveningTally | null {
  const rows = decided.slice(-tallyNights);
  if (rows.length === 0) return null;
  const nearest = rows.map(nearestOf);
  return {
    n: rows.length,
    inside: rows.filter(isInside).length,
    models: eveningModels.flatMap((model) => {
      const errors = rows.flatMap((row) => {
        const said = saidBy(row).find((one) => one.model === model);
        return said ? [errorOf(said.valueC, row.truthC!)] : [];
      });
      if (errors.length === 0) return [];
      const maeC = Math.round((errors.reduce((a, b) => a + b) / errors.length) * 100) / 100;
      return [{ model, n: errors.length, nearest: nearest.filter((one) => one === model).length, maeC }];
    }),
  };
}

/** "isotherm nearest 17, NBM 9, persistence 4; inside the 80 % range 25" */
export function tallyWords({ models, n, inside }: EveningTally): string {
  const counts = models.map(({ model, n: forecast, nearest }, i) => {
    const of = forecast < n ? ` (of ${forecast})` : "";
    return `${eveningModelName(model)}${i === 0 ? " nearest" : ""} ${nearest}${of}`;
  });
  return `${counts.join(", ")}; inside the 80 % range ${inside}`;
}

/** The date of an evening at its station, such as "2025-08-30": its name in addresses. */
export function eveningName(issuedTime: number, timeZone: string): string {
  return new Date(issuedTime + standardOffset(issuedTime, timeZone)).toISOString().slice(0, 10);
}
