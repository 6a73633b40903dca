import { type ForecasterOptions, withDefaults } from "../../model/experts/modelOptions.js";
import { featureLayout } from "../../model/features/features.js";
import { type ExpertName, expertNames } from "../../model/vocabulary.js";
import type { StationModel } from "../../shared/published/stationModel.js";
import { modelStyle } from "../chart/modelStyle.js";
import { html } from "../ui/html.js";
import { checkboxes, choose, chosen, type ValueElement, withValue } from "../ui/inputs.js";
import type { ReplayedModel } from "./replayRun.js";

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
export function replaySettings({ options: published, prior }: Pick<StationModel, "options" | "prior">) {
  const usual = withDefaults(published);
  // Outside a network every regression is without it.
  const experts = expertNames.filter((name) => usual.network || name !== "ownHistory");
  const inputs = {
    lags: settingInput("Lags of temperature, hours", usual.lags.join(", "), { wide: true }),
    delta: settingInput("δ, prior variance of the weights", String(usual.delta)),
    forgetting: settingInput("λ, forgetting factor per hour", String(usual.forgetting)),
    experts: checkboxInput(
      "Experts",
      Object.fromEntries(experts.map((name) => [name, modelStyle(name).label])),
      usual.experts,
    ),
    others: checkboxInput("Other stations", {
      ...(usual.network && { network: "their reports (the network)" }),
      ...(prior && { prior: "what they learned before (the prior; needs the network)" }),
    }),
  };
  const all = Object.values(inputs);
  const read = (name: (typeof names)[number], value: string) => (value === "" ? {} : readers[name](value));
  for (const name of names)
    inputs[name].allows = (value) => {
      try {
        return Boolean(checked({ ...published, ...read(name, value) }));
      } catch {
        return false;
      }
    };
  const sees = (other: "network" | "prior") =>
    inputs.others.value === "" || inputs.others.value.split(",").includes(other);
  return {
    inputs,
    /** The chosen model. Throws an error that says what is wrong with it. */
    model: (): ReplayedModel => {
      const chosenOptions = names.map((name) => read(name, inputs[name].value));
      const without = sees("network") ? {} : { network: false, longitude: 0 };
      const options = checked(Object.assign({ ...published }, ...chosenOptions, without));
      const usesPrior = prior !== null && sees("network") && sees("prior");
      if (usesPrior && inputs.lags.value !== "") throw new Error("the prior fits the published lags only");
      return { options, usesPrior };
    },
    asPublished: () => all.every(({ value }) => value === ""),
    reset: () => {
      for (const input of all) choose(input, "");
    },
  };
}

function checked(options: ForecasterOptions): ForecasterOptions {
  const { lags, experts, network } = withDefaults(options);
  featureLayout(lags);
  if (!network && experts.every((name) => name === "ownHistory")) throw new Error("the mixture needs an expert");
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

/** @param usual values checked at first; defaults to all */
function checkboxInput(
  label: string,
  texts: Readonly<Record<string, string>>,
  usual: readonly string[] = Object.keys(texts),
): ValueElement<string> {
  const boxes = checkboxes(label, texts, usual);
  const initial = boxes.value;
  const element = html`<div hidden=${Object.keys(texts).length === 0}>${boxes}</div>`;
  return withValue(element, {
    get: () => (boxes.value === initial ? "" : boxes.value),
    set: (value) => {
      boxes.value = value === "" ? initial : value;
    },
    allows: boxes.allows!,
  });
}
