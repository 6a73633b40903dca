import { correctedOf, guidanceSources, type ModelName, type Variable } from "../../model/vocabulary.js";
import type { ScoresByLead } from "../../shared/published/stationEvaluation.js";
import { formatCount, type TemperatureUnit } from "../ui/units.js";

/** What the charts and tables of the evaluation show. Defaults are temperatures, in °C, 24 hours ahead. */
export interface ScoreOptions {
  unit?: TemperatureUnit;
  variable?: Variable;
  leadHours?: number;
}

export interface ScoreChartOptions extends ScoreOptions {
  /** Pixels. */
  width: number;
}

/** Errors of one model at one lead, °C; bias and RMSE for the published forecast only. */
export interface ScoreOfLead {
  leadHours: number;
  n: number;
  maeC: number;
  biasC: number | null;
  rmseC: number | null;
}

/** The scores of one variable, by model; leads in order. */
export function scoresByModel(scores: readonly ScoresByLead[], variable: Variable): Map<ModelName, ScoreOfLead[]> {
  return new Map(
    scores
      .filter((columns) => columns.variable === variable)
      .map(({ model, leadHours, n, maeC, biasC, rmseC }) => [
        model,
        leadHours.map((lead, i) => ({
          leadHours: lead,
          n: n[i]!,
          maeC: maeC[i]!,
          biasC: biasC?.[i] ?? null,
          rmseC: rmseC?.[i] ?? null,
        })),
      ]),
  );
}

/** Guidance exists for some hours only, so its errors are not comparable with those of other models. */
export function isGuidance(model: ModelName): boolean {
  return guidanceSources.some((source) => model === source || model === correctedOf(source));
}

/** 1 - MAE / MAE of the baseline: 1 is perfect, 0 as good as the baseline, negative worse. */
export function skillScore(maeC: number, baselineMaeC: number): number {
  return 1 - maeC / baselineMaeC;
}

/** The number of forecasts in a chart: "n = 17,440" or "n = 8,700 to 8,782". */
export function countRange(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `n = ${formatCount(most)}` : `n = ${formatCount(least)} to ${formatCount(most)}`;
}
