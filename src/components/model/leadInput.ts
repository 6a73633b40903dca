import { maxLeadHours } from "../../model/vocabulary.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/pageState.js";

/** Chooses a lead by a slider. Its value is the hours ahead, as text. */
export function leadInput(initial: number, { longest = maxLeadHours } = {}): ValueElement<string> {
  const range =
    html`<input type="range" min="1" max=${longest} step="1" value=${Math.min(initial, longest)}>` as HTMLInputElement;
  const told = html`<output></output>`;
  const field = html`<label class="lead-input"><span>Hours ahead</span><span>${range}${told}</span></label>`;
  const tell = () => {
    told.textContent = `${range.value} h`;
    range.setAttribute("aria-valuetext", `${range.value} hours ahead`);
  };
  range.addEventListener("input", tell);
  tell();
  return Object.defineProperty(field, "value", {
    get: () => range.value,
    set: (value: string) => {
      range.value = value;
      tell();
    },
  }) as ValueElement<string>;
}
