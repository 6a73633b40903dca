import { probabilityBelow } from "../../model/extremes/quantiles.js";
import { type QuantileName, quantileNames } from "../../model/vocabulary.js";
import { html } from "../ui/html.js";
import { type ValueElement, withValue } from "../ui/inputs.js";
import { inUnit, type TemperatureUnit, toCelsius } from "../ui/units.js";

/** The temperatures that a threshold can be, °C. */
const limitsC = [-90, 60] as const;

/**
 * A threshold to watch: a checkbox, and a field in the reader's unit while it is checked. The value is °C to the hundredth,
 * such as "4.44"; empty when off.
 * @param startC the threshold when it is first turned on
 */
export function thresholdInput({ unit, startC }: { unit: TemperatureUnit; startC: number }): ValueElement<string> {
  const inField = (celsius: number) => String(Math.round(inUnit(celsius, unit) * 10) / 10);
  const box = html`<input type="checkbox">` as HTMLInputElement;
  const field = html`<input type="number" step="any" value=${String(Math.round(inUnit(startC, unit)))}
    min=${inField(limitsC[0])} max=${inField(limitsC[1])}>` as HTMLInputElement;
  const allows = (value: string) => value === "" || (Number(value) >= limitsC[0] && Number(value) <= limitsC[1]);
  const element = html`<div class="checkboxes threshold">
    <label>${box}<span>Threshold</span></label><label class="below"><span>Odds below, °${unit}</span>${field}</label>
  </div>`;
  return withValue(element, {
    get: () => {
      if (!box.checked || field.value === "") return "";
      const value = String(Math.round(toCelsius(Number(field.value), unit) * 100) / 100);
      return allows(value) ? value : "";
    },
    set: (value) => {
      box.checked = value !== "";
      if (box.checked) field.value = inField(Number(value));
    },
    allows,
  });
}

/** "5 °C" or "40.5 °F", with a typographic minus sign. */
export function thresholdName(celsius: number, unit: TemperatureUnit): string {
  return `${String(Math.round(inUnit(celsius, unit) * 10) / 10).replace("-", "−")} °${unit}`;
}

/** The probability of a value below a threshold, °C; null without quantiles. */
export function oddsBelow(row: Record<QuantileName, number | null>, thresholdC: number): number | null {
  const quantiles = quantileNames.map((name) => row[name] ?? Number.NaN);
  return quantiles.some(Number.isNaN) ? null : probabilityBelow(quantiles, thresholdC);
}
