import type { Store } from "../../data/store/store.js";
import { maxLeadHours, modelNames, variables } from "../../model/vocabulary.js";
import { dayMs, hourMs } from "../../shared/time.js";
import type { ReplayResult } from "./replay.js";

/** Stores what days added to the evaluation: losses in pairs, and the worst misses. */
export async function appendDays(
  store: Pick<Store, "append">,
  stationId: string,
  days: ReplayResult["days"],
): Promise<void> {
  const at = (column: number) => [variables[Math.floor(column / maxLeadHours)]!, (column % maxLeadHours) + 1] as const;
  const number = (value: number) => (Number.isNaN(value) ? null : value);
  await store.append(
    "dailyLosses",
    ["stationId", "day", "model", "variable", "leadHours", "n", "mae", "publishedMae"],
    days.flatMap(({ day, losses }) =>
      losses.map((loss) => [
        ...[stationId, day * dayMs, modelNames[loss.model]!, ...at(loss.column)],
        ...[loss.n, loss.mae, loss.publishedMae],
      ]),
    ),
  );
  await store.append(
    "worstMisses",
    ["stationId", "day", "variable", "leadHours", "validTime", "forecastC", "observedC", "p025", "p975"],
    days.flatMap(({ day, misses }) =>
      misses.map((miss) => [
        ...[stationId, day * dayMs, ...at(miss.column), miss.validHour * hourMs, miss.forecast, miss.observed],
        ...[number(miss.low), number(miss.high)],
      ]),
    ),
  );
}
