import { html } from "./html.js";
import type { ValueElement } from "./pageState.js";

/**
 * Any of a few, all in sight. Its value names those chosen, with commas between, or is "none": what an address holds.
 * @param initial values chosen at first
 */
export function checkboxes<T extends string>(
  label: string,
  options: readonly (readonly [value: T, text: string])[],
  initial: readonly T[] = [],
): ValueElement<string> {
  const boxes = options.map(
    ([value]) => html`<input type="checkbox" value=${value} checked=${initial.includes(value)}>` as HTMLInputElement,
  );
  const group = html`<fieldset class="checkboxes"><legend>${label}</legend>
    <div>${options.map(([, text], i) => html`<label>${boxes[i]}<span>${text}</span></label>`)}</div>
  </fieldset>`;
  return Object.defineProperty(group, "value", {
    get: () =>
      boxes
        .filter(({ checked }) => checked)
        .map(({ value }) => value)
        .join(",") || "none",
    set: (value: string) => {
      for (const box of boxes) box.checked = value.split(",").includes(box.value);
    },
  }) as ValueElement<string>;
}

/** The values that a text such as "dewPoint,official" names. */
export function chosen<T extends string>(value: string, options: readonly T[]): T[] {
  return options.filter((option) => value.split(",").includes(option));
}
