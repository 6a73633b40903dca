import { html } from "./html.js";
import type { ValueElement } from "./pageState.js";

/** A choice of many: the browser's own list. */
export function selectInput(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  initial?: string,
): ValueElement<string> {
  const select = document.createElement("select");
  // Of hundreds of stations a template each would take long.
  for (const [value, text] of options) {
    const option = document.createElement("option");
    option.value = value;
    option.append(text);
    select.append(option);
  }
  if (initial !== undefined) select.value = initial;
  const field = html`<label class="select"><span>${label}</span>${select}</label>`;
  return Object.defineProperty(field, "value", {
    get: () => select.value,
    set: (value: string) => {
      select.value = value;
    },
  }) as ValueElement<string>;
}
