import { type ForecasterOptions, withDefaults } from "../../model/experts/modelOptions.js";
import { featureLayout } from "../../model/features/features.js";
import { type ExpertName, expertNames } from "../../model/vocabulary.js";
import { modelStyle } from "../chart/modelStyle.js";
import { html } from "../ui/html.js";
import { checkboxes, choose, chosen, type ValueElement, withValue } from "../ui/inputs.js";

export type ReplaySettings = ReturnType<typeof replaySettings>;

const number = (text: string) => (text.trim() === "" ? Number.NaN : Number(text.replace("−", "-").replace(",", ".")));
const numbers = (text: string) =>
  text
    .split(/[\s,;]+/)
    .filter((part) => part !== "")
    .map(Number);

/** Parse the text of each input into options. */
const readers = {
  lags: (text: string): ForecasterOptions => ({ lags: numbers(text) }),
  delta: (text: string): ForecasterOptions => ({ delta: number(text) }),
  forgetting: (text: string): ForecasterOptions => ({ forgetting: number(text) }),
  experts: (text: string): ForecasterOptions => ({ experts: chosen<ExpertName>(text, expertNames) }),
};

const names = Object.keys(readers) as (keyof typeof readers)[];

/**
 * Inputs that start with the published settings, by their names in the page's address. The value of an unchanged input
 * is empty.
 */
export function replaySettings(published: ForecasterOptions) {
  const usual = withDefaults(published);
  const inputs = {
    lags: settingInput("Lags of temperature, hours", usual.lags.join(", "), { wide: true }),
    delta: settingInput("δ, prior variance of the weights", String(usual.delta)),
    forgetting: settingInput("λ, forgetting factor per hour", String(usual.forgetting)),
    experts: expertInput(usual.experts),
  };
  const read = (name: (typeof names)[number], value: string) => (value === "" ? {} : readers[name](value));
  for (const name of names)
    inputs[name].allows = (value) => {
      try {
        return Boolean(checked({ ...published, ...read(name, value) }));
      } catch {
        return false;
      }
    };
  return {
    inputs,
    /** The chosen options. Throws an error that says what is wrong with them. */
    options: () => checked(Object.assign({ ...published }, ...names.map((name) => read(name, inputs[name].value)))),
    asPublished: () => names.every((name) => inputs[name].value === ""),
    reset: () => {
      for (const name of names) choose(inputs[name], "");
    },
  };
}

function checked(options: ForecasterOptions): ForecasterOptions {
  featureLayout(withDefaults(options).lags);
  return options;
}

function settingInput(label: string, usual: string, { wide = false } = {}): ValueElement<string> {
  const input = html`<input type="text" autocomplete="off" spellcheck="false" value=${usual}>` as HTMLInputElement;
  const field = html`<label class=${wide ? "select wide" : "select"}><span>${label}</span>${input}</label>`;
  const plain = (text: string) => text.trim().replace(/[\s,;]+/g, ",");
  return withValue(field, {
    get: () => (plain(input.value) === plain(usual) ? "" : plain(input.value) || "none"),
    set: (value) => {
      input.value = value === "" ? usual : value.replaceAll(",", ", ");
    },
  });
}

function expertInput(usual: readonly ExpertName[]): ValueElement<string> {
  const boxes = checkboxes(
    "Experts",
    Object.fromEntries(expertNames.map((name) => [name, modelStyle(name).label])),
    usual,
  );
  const all = boxes.value;
  return withValue(html`<div>${boxes}</div>`, {
    get: () => (boxes.value === all ? "" : boxes.value),
    set: (value) => {
      boxes.value = value === "" ? all : value;
    },
  });
}
