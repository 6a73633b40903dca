import { naiveBaselines, type Variable } from "../../model/vocabulary.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import { hourMs } from "../../shared/time.js";
import { dewPointStyle, modelStyle, officialStyle } from "../chart/modelStyle.js";
import { fullTime } from "../ui/timeZone.js";
import { formatTemperature, type TemperatureUnit } from "../ui/units.js";
import type { Overlay } from "./forecastChart.js";
import type { Issue } from "./issue.js";

export interface ReadingOptions {
  unit: TemperatureUnit;
  zone: string;
  variable: Variable;
  show: readonly Overlay[];
}

/** All that a forecast chart shows of one hour; °C. */
export interface HourReading {
  /** "Fri 1 Jan 15:00 CST, 22 h ahead" */
  when: string;
  /** "5.4 °C", "4.1 to 7.0" … each with what it is. */
  values: { label: string; text: string }[];
  observedC: number | null;
  forecastC: number | null;
}

export function hourReading(
  data: StationForecast,
  issue: Issue,
  time: number,
  { unit, zone, variable, show }: ReadingOptions,
): HourReading {
  const leadHours = (time - issue.issuedTime) / hourMs;
  const row = data.observed.find(({ validTime }) => validTime === time);
  const ahead = issue.forecast[variable].find(({ validTime }) => validTime === time);
  const values: HourReading["values"] = [];
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
  if (show.includes("official"))
    add(officialStyle.label, issue.official?.hours.find(({ validTime }) => validTime === time)?.[variable]);
  if (show.includes("dewPoint") && variable === "temperature") {
    add(`${dewPointStyle.label} observed`, row?.dewPoint);
    add(`${dewPointStyle.label} forecast`, issue.forecast.dewPoint.find(({ validTime }) => validTime === time)?.valueC);
  }
  if (show.includes("naive")) {
    for (const model of naiveBaselines) {
      const naive = issue.baselines.find(
        (other) => other.model === model && other.variable === variable && other.validTime === time,
      );
      add(modelStyle(model).label, naive?.valueC);
    }
  }
  const when = leadHours > 0 ? `, ${leadHours} h ahead` : "";
  return {
    when: `${fullTime(time, zone)}${when}`,
    values,
    observedC: row?.[variable] ?? null,
    forecastC: ahead?.valueC ?? null,
  };
}
