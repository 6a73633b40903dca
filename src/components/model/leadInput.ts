import { maxLeadHours } from "../../model/vocabulary.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/pageState.js";

/** A slider for the lead. Its value is the hours ahead, as text. */
export function leadInput(initial: number, { longest = maxLeadHours } = {}): ValueElement<string> {
  const range =
    html`<input type="range" min="1" max=${longest} step="1" value=${Math.min(initial, longest)}>` as HTMLInputElement;
  const output = html`<output></output>`;
  const field = html`<label class="lead-input"><span>Hours ahead</span><span>${range}${output}</span></label>`;
  const showValue = () => {
    output.textContent = `${range.value} h`;
    range.setAttribute("aria-valuetext", `${range.value} hours ahead`);
  };
  range.addEventListener("input", showValue);
  showValue();
  return Object.defineProperty(field, "value", {
    get: () => range.value,
    set: (value: string) => {
      range.value = value;
      showValue();
    },
  }) as ValueElement<string>;
}
