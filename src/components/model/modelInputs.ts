import { slowRate } from "../../model/scores/ewmae.js";
import { maxLeadHours } from "../../model/vocabulary.js";
import { html } from "../ui/html.js";
import { type ValueElement, withValue } from "../ui/inputs.js";

/** A slider for the lead. Its value is the hours ahead, as text. */
export function leadInput(initial: number): ValueElement<string> {
  const range = html`<input type="range" min="1" max=${maxLeadHours} step="1" value=${initial}>` as HTMLInputElement;
  const output = html`<output></output>`;
  const field = html`<label class="lead-input"><span>Hours ahead</span><span>${range}${output}</span></label>`;
  const showValue = () => {
    output.textContent = `${range.value} h`;
    range.setAttribute("aria-valuetext", `${range.value} hours ahead`);
  };
  range.addEventListener("input", showValue);
  showValue();
  return withValue(field, {
    get: () => range.value,
    set: (value) => {
      range.value = value;
      showValue();
    },
    allows: (value) => /^[1-9]\d*$/.test(value) && Number(value) <= maxLeadHours,
  });
}

/** Input for the ε of EWMAE, initially the slow rate. Its value is the last valid one. */
export function epsilonInput(): ValueElement<string> {
  let value = String(slowRate);
  const input = html`<input type="text" inputmode="decimal" autocomplete="off" value=${value}>` as HTMLInputElement;
  input.addEventListener("input", (event) => {
    const text = input.value.trim().replace(",", ".");
    const isValid = isEpsilon(text);
    input.setAttribute("aria-invalid", String(!isValid));
    if (isValid) value = text;
    else event.stopPropagation();
  });
  return withValue(html`<label class="select short"><span>ε of EWMAE</span>${input}</label>`, {
    get: () => value,
    set: (text) => {
      value = text;
      input.value = text;
      input.removeAttribute("aria-invalid");
    },
    allows: isEpsilon,
  });
}

/** Whether a text is a valid ε: above 0 and at most 1. */
function isEpsilon(text: string): boolean {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return value > 0 && value <= 1;
}
