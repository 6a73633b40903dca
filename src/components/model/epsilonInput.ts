import { slowRate } from "../../model/scores/ewmae.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/pageState.js";

/** Whether a text is a valid ε: above 0 and at most 1. */
export function isEpsilon(text: string): boolean {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return value > 0 && value <= 1;
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
  return Object.defineProperty(html`<label class="select short"><span>ε of EWMAE</span>${input}</label>`, "value", {
    get: () => value,
    set: (text: string) => {
      value = text;
      input.value = text;
      input.removeAttribute("aria-invalid");
    },
  }) as ValueElement<string>;
}
