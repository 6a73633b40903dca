import { reportedLeads } from "../../model/vocabulary.js";
import { html } from "./html.js";

/** An element with a value, as `Generators.input` reads it. */
export type ValueElement<T> = HTMLElement & {
  value: T;
  /** Whether the element can take a value; without this it can take any. */
  allows?: (value: T) => boolean;
};

/** The text of each option by its value. */
type Texts = Readonly<Record<string, string>>;

/** Gives an element a value. */
export function withValue<T>(
  element: HTMLElement,
  { allows, ...accessors }: { get: () => T; set?: (value: T) => void; allows?: (value: T) => boolean },
): ValueElement<T> {
  const input = Object.defineProperty(element, "value", accessors) as ValueElement<T>;
  return allows ? Object.assign(input, { allows }) : input;
}

/** Sets an input and reports the change, as if the reader had made it. */
export function choose(input: ValueElement<string>, value: string): void {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Gives a group the value of its checked radio button; empty if none is checked. */
export function radioGroup(group: HTMLElement, radios: readonly HTMLInputElement[]): ValueElement<string> {
  return withValue(group, {
    get: () => radios.find(({ checked }) => checked)?.value ?? "",
    set: (value) => {
      for (const radio of radios) radio.checked = radio.value === value;
    },
    allows: (value) => radios.some((radio) => radio.value === value),
  });
}

/** Radio buttons in a row; the first is chosen at first. */
export function segmented(label: string, texts: Texts): ValueElement<string> {
  const name = `choice-${label.toLowerCase().replaceAll(" ", "-")}`;
  const radios = Object.keys(texts).map(
    (value) => html`<input type="radio" name=${name} value=${value}>` as HTMLInputElement,
  );
  radios[0]!.checked = true;
  return radioGroup(fieldset("segmented", label, radios, texts), radios);
}

/**
 * Checkboxes in a row. The value is the checked ones, separated by commas, or "none".
 * @param initial values checked at first
 */
export function checkboxes(label: string, texts: Texts, initial: readonly string[] = []): ValueElement<string> {
  const boxes = Object.keys(texts).map(
    (value) => html`<input type="checkbox" value=${value} checked=${initial.includes(value)}>` as HTMLInputElement,
  );
  const checked = () => boxes.filter((box) => box.checked).map(({ value }) => value);
  return withValue(fieldset("checkboxes", label, boxes, texts), {
    get: () => checked().join(",") || "none",
    set: (value) => {
      for (const box of boxes) box.checked = value.split(",").includes(box.value);
    },
    allows: (value) => value === "none" || boxes.some((box) => value.split(",").includes(box.value)),
  });
}

function fieldset(kind: string, label: string, inputs: readonly HTMLInputElement[], texts: Texts): HTMLElement {
  return html`<fieldset class=${kind}><legend>${label}</legend>
    <div>${Object.values(texts).map((text, i) => html`<label>${inputs[i]}<span>${text}</span></label>`)}</div>
  </fieldset>`;
}

/** The options that a value such as "dewPoint,guidance" names. */
export function chosen<T extends string>(value: string, options: readonly T[]): T[] {
  return options.filter((option) => value.split(",").includes(option));
}

/** A drop-down list of values and their texts. */
export function selectInput(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  initial?: string,
): ValueElement<string> {
  const select = document.createElement("select");
  // Without a template, which would be slow for hundreds of stations.
  for (const [value, text] of options) {
    const option = document.createElement("option");
    option.value = value;
    option.append(text);
    select.append(option);
  }
  if (initial !== undefined) select.value = initial;
  const allows = (value: string) => options.some(([option]) => option === value);
  return Object.assign(labelled(label, select), { allows });
}

/** A line of text. */
export function textInput(label: string, { placeholder = "" } = {}): ValueElement<string> {
  const input = html`<input type="search" autocomplete="off" spellcheck="false" placeholder=${placeholder}>`;
  return labelled(label, input as HTMLInputElement);
}

/** A labelled input with that input's value. */
function labelled(label: string, input: HTMLInputElement | HTMLSelectElement): ValueElement<string> {
  return withValue(html`<label class="select"><span>${label}</span>${input}</label>`, {
    get: () => input.value,
    set: (value) => {
      input.value = value;
    },
  });
}

export function variableInput(): ValueElement<string> {
  return segmented("Quantity", { temperature: "Temperature", dewPoint: "Dew point" });
}

export function unitInput(): ValueElement<string> {
  return segmented("Unit", { C: "°C", F: "°F" });
}

/** A choice of one of the reported leads, initially 24 hours. */
export function reportedLeadInput(label: string): ValueElement<string> {
  return selectInput(
    label,
    reportedLeads.map((lead) => [String(lead), `${lead} h`]),
    "24",
  );
}
