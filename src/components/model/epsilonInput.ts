import { slowRate } from "../../model/scores/ewmae.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/pageState.js";

/** Whether a text is an ε that EWMAE can have: above 0, at most 1. */
export function isEpsilon(text: string): boolean {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return value > 0 && value <= 1;
}

/** The ε of EWMAE, at first the slow one. Its value stays the last one that makes sense. */
export function epsilonInput(): ValueElement<string> {
  let value = String(slowRate);
  const input = html`<input type="text" inputmode="decimal" autocomplete="off" value=${value}>` as HTMLInputElement;
  input.addEventListener("input", (event) => {
    const text = input.value.trim().replace(",", ".");
    const makesSense = isEpsilon(text);
    input.setAttribute("aria-invalid", String(!makesSense));
    if (makesSense) value = text;
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
