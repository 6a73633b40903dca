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
