import { html } from "./html.js";
import type { ValueElement } from "./pageState.js";

/** A line of text. */
export function textInput(label: string, { placeholder = "" }: { placeholder?: string } = {}): ValueElement<string> {
  const input =
    html`<input type="search" autocomplete="off" spellcheck="false" placeholder=${placeholder}>` as HTMLInputElement;
  const field = html`<label class="select"><span>${label}</span>${input}</label>`;
  return Object.defineProperty(field, "value", {
    get: () => input.value,
    set: (value: string) => {
      input.value = value;
    },
  }) as ValueElement<string>;
}
