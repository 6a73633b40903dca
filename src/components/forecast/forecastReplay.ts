import { range } from "d3";
import {
  columnOf,
  maxLeadHours,
  type QuantileName,
  quantileCount,
  quantileNames,
  type Variable,
  variables,
} from "../../model/vocabulary.js";
import type { ForecastHour, ObservedHour, StationForecast } from "../../shared/published/stationForecast.js";
import type { StationModel } from "../../shared/published/stationModel.js";
import { hourMs } from "../../shared/time.js";
import {
  type ForecastColumns,
  publishedModelOf,
  ReplayRun,
  replayProgress,
  replayRequest,
} from "../replay/replayRun.js";
import { fetchApi, readParquet } from "../ui/fetchApi.js";
import { html } from "../ui/html.js";
import { type ValueElement, withValue } from "../ui/inputs.js";
import { formatCount } from "../ui/units.js";
import { isBeforeStored } from "./forecastInputs.js";
import type { IssuedForecast } from "./issuedForecast.js";
import { guidanceForecasts, naiveForecasts } from "./storedForecast.js";

/** The last recomputed forecast, so that choosing another zone or unit does not recompute it. */
let cached: { id: string; forecast: IssuedForecast; observed: ObservedHour[]; hours: number } | null = null;

/** A recomputed forecast, and its station with the observations around it. */
interface ReplayedForecast {
  forecast: IssuedForecast;
  data: StationForecast;
}

/**
 * Recomputes a forecast that is older than the stored ones: replays the model up to its hour and shows the progress.
 * The value is null until the replay ends. For all other forecasts the element is empty and the value stays null.
 * @param name value of `forecastTimeInput`
 * @param onCancel called when the reader cancels
 */
export function forecastReplay(
  data: StationForecast,
  name: string,
  onCancel: () => void,
): ValueElement<ReplayedForecast | null> & { cancel(): void } {
  const time = Date.parse(name);
  const id = `${data.station.key} ${data.issuedTime} ${name}`;
  let value: ReplayedForecast | null = null;
  let run: ReplayRun | null = null;
  let isCancelled = false;
  const isOlder = isBeforeStored(name, data.issues, data.station.genesisTime);
  const cancel = html`<button type="button">Cancel</button>` as HTMLButtonElement;
  const progress = replayProgress("Hours replayed");
  const outcome = html`<p class="replay-outcome" role="status"></p>`;
  const work = html`<div>${cancel}${progress.parts}</div>`;
  const element = isOlder ? html`<div class="replay-controls">${work}${outcome}</div>` : html`<div></div>`;

  const replay = async () => {
    const [model, rows] = await Promise.all([
      fetchApi<StationModel>(`${data.station.key}/model.json`),
      readParquet<{ validTime: Date; temperatureC: number | null; dewPointC: number | null }>(
        `api/${data.station.key}/hours.parquet`,
      ),
    ]);
    if (isCancelled) return;
    const period = { firstTime: data.station.genesisTime!, lastTime: time };
    run = new ReplayRun(replayRequest(model, publishedModelOf(model), period));
    run.addEventListener("change", () => progress.show(run));
    await run.ended;
    if (isCancelled) return;
    const { problem, result, hours } = run;
    if (problem) throw new Error(problem);
    const observed = rows.flatMap(({ validTime, temperatureC, dewPointC }): ObservedHour[] =>
      Math.abs(validTime.getTime() - time) > 72 * hourMs
        ? []
        : [{ validTime: validTime.getTime(), temperature: temperatureC, dewPoint: dewPointC }],
    );
    const forecast = result && forecastFromReplay(result.forecast, observed, time);
    work.remove();
    if (!forecast) {
      outcome.textContent = "No forecast was issued at that hour: no temperature was observed.";
      return;
    }
    cached = { id, forecast, observed, hours };
    show(cached);
    element.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const show = ({ forecast, observed, hours }: NonNullable<typeof cached>) => {
    work.remove();
    const all = hours === 1 ? "the first hour" : `the ${formatCount(hours)} hours up to that time`;
    outcome.textContent = `This forecast is no longer stored; it was recomputed with today’s settings from ${all}.`;
    value = { forecast, data: { ...data, observed } };
  };
  if (cached?.id === id) show(cached);
  else if (isOlder) {
    outcome.textContent = "Recomputing this forecast from all hours up to that time.";
    replay().catch((error: unknown) => {
      outcome.textContent = `Recomputing failed: ${error instanceof Error ? error.message : String(error)}.`;
    });
  }
  const stop = () => {
    isCancelled = true;
    run?.cancel();
  };
  cancel.addEventListener("click", () => {
    stop();
    onCancel();
  });
  return Object.assign(withValue(element, { get: () => value }), { cancel: stop });
}

/**
 * The forecast at the end of a replay, with its baselines. Values are rounded to tenths, as they are stored; null if no
 * forecast was issued.
 */
export function forecastFromReplay(
  { values, quantiles, guidance }: ForecastColumns,
  observed: StationForecast["observed"],
  issuedTime: number,
): IssuedForecast | null {
  if (values.every(Number.isNaN)) return null;
  const tenth = (value: number) => (Number.isNaN(value) ? null : Math.round(value * 10) / 10);
  const hours = (variable: Variable): ForecastHour[] =>
    range(1, maxLeadHours + 1).flatMap((leadHours) => {
      const column = columnOf(variables.indexOf(variable), leadHours);
      const valueC = tenth(values[column]!);
      if (valueC === null) return [];
      const bounds = quantileNames.map((name, q) => [name, tenth(quantiles[column * quantileCount + q]!)]);
      const quantilesC = Object.fromEntries(bounds) as Record<QuantileName, number | null>;
      const p50 = quantilesC.p25 === null ? null : valueC;
      return [{ leadHours, validTime: issuedTime + leadHours * hourMs, valueC, ...quantilesC, p50 }];
    });
  return {
    issuedTime,
    hours: { temperature: hours("temperature"), dewPoint: hours("dewPoint") },
    baselines: [...naiveForecasts(observed, issuedTime), ...guidanceForecasts(guidance)],
  };
}
