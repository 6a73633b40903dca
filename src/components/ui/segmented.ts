import { html } from "./html.js";
import type { ValueElement } from "./pageState.js";

/** A choice of a few, all in sight: a group of radio buttons. Its value is the one chosen, at first the first. */
export function segmented<T extends string>(
  label: string,
  options: readonly (readonly [T, string])[],
): ValueElement<T> {
  const name = `choice-${label.toLowerCase().replaceAll(" ", "-")}`;
  const radios = options.map(([value]) => html`<input type="radio" name=${name} value=${value}>` as HTMLInputElement);
  const group = html`<fieldset class="segmented"><legend>${label}</legend>
    <div>${options.map(([, text], i) => html`<label>${radios[i]}<span>${text}</span></label>`)}</div>
  </fieldset>`;
  radios[0]!.checked = true;
  return Object.defineProperty(group, "value", {
    get: () => radios.find((radio) => radio.checked)!.value,
    set: (value: string) => {
      for (const radio of radios) radio.checked = radio.value === value;
    },
  }) as ValueElement<T>;
}
