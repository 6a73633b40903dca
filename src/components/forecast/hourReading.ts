import { guidanceSources, naiveBaselines } from "../../model/vocabulary.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import { dewPointStyle, modelStyle } from "../chart/modelStyle.js";
import { fullTime } from "../ui/timeZone.js";
import { formatPercent, formatTemperature } from "../ui/units.js";
import type { ForecastChartOptions } from "./forecastChart.js";
import type { IssuedForecast } from "./issuedForecast.js";
import { oddsBelow, thresholdName } from "./threshold.js";

interface ReadingOptions extends Required<Pick<ForecastChartOptions, "unit" | "zone" | "variable" | "show">> {
  /** Adds the odds of a value below it, °C. */
  thresholdC?: number | null;
}

/** The values of one hour in a forecast chart as text, such as "5.4 °C" or "4.1 to 7.0". */
export function hourReading(
  data: StationForecast,
  forecast: IssuedForecast,
  time: number,
  { unit, zone, variable, show, thresholdC = null }: ReadingOptions,
) {
  const leadHours = (time - forecast.issuedTime) / hourMs;
  const row = data.observed.find(({ validTime }) => validTime === time);
  const ahead = forecast.hours[variable].find(({ validTime }) => validTime === time);
  const values: { label: string; text: string }[] = [];
  const add = (label: string, celsius: number | null | undefined) => {
    if (celsius != null) values.push({ label, text: `${formatTemperature(celsius, unit)} °${unit}` });
  };
  const between = (label: string, low: number | null | undefined, high: number | null | undefined) => {
    if (low != null && high != null)
      values.push({ label, text: `${formatTemperature(low, unit)} to ${formatTemperature(high, unit)}` });
  };
  add("observed", row?.[variable]);
  if (row && row[variable] === null) values.push({ label: "observed", text: "missing" });
  add("forecast", ahead?.valueC);
  between("50 %", ahead?.p25, ahead?.p75);
  between("80 %", ahead?.p10, ahead?.p90);
  between("95 %", ahead?.p025, ahead?.p975);
  const odds = ahead && thresholdC !== null ? oddsBelow(ahead, thresholdC) : null;
  if (odds !== null) values.push({ label: `below ${thresholdName(thresholdC!, unit)}`, text: formatPercent(odds) });
  if (show.includes("dewPoint") && variable === "temperature") {
    add(`${dewPointStyle.label} observed`, row?.dewPoint);
    add(`${dewPointStyle.label} forecast`, forecast.hours.dewPoint.find(({ validTime }) => validTime === time)?.valueC);
  }
  for (const [choice, models] of [
    ["guidance", guidanceSources],
    ["naive", naiveBaselines],
  ] as const) {
    if (!show.includes(choice)) continue;
    for (const model of models) {
      const naive = forecast.baselines.find((other) => other.model === model && other.variable === variable);
      add(modelStyle(model).label, naive?.valueC[leadHours - 1]);
    }
  }
  return {
    when: fullTime(time, zone),
    ahead: leadHours > 0 ? `${leadHours} h ahead` : null,
    values,
    observedC: row?.[variable] ?? null,
    forecastC: ahead?.valueC ?? null,
  };
}
