import type { ModelName } from "../../model/vocabulary.js";

/** Style of a model in all charts. Dashes distinguish lines without colour. */
export interface ModelStyle {
  label: string;
  /** Its name in a sentence, if that is not the label. */
  phrase?: string;
  colour: string;
  dash: string;
}

const modelStyles: Record<ModelName, ModelStyle> = {
  mixture: { label: "published forecast", colour: "var(--forecast)", dash: "none" },
  persistence: { label: "persistence", colour: "var(--persistence)", dash: "6 3" },
  seasonalNaive: { label: "same hour yesterday", colour: "var(--seasonal-naive)", dash: "2 3" },
  climatology: { label: "climatology", colour: "var(--climatology)", dash: "8 3 2 3" },
  blend: { label: "blend", colour: "var(--blend)", dash: "4 2" },
  sgd: { label: "SGD (original demo)", colour: "var(--sgd)", dash: "1 2" },
  ownHistory: {
    label: "without the network",
    phrase: "a regression without the network",
    colour: "var(--own-history)",
    dash: "4 2 1 2",
  },
  rls: { label: "recursive least squares", colour: "var(--rls)", dash: "10 3" },
  hourlyRls: { label: "RLS by hour", colour: "var(--hourly-rls)", dash: "5 2 1 2" },
  rlsTanh: { label: "RLS + tanh", colour: "var(--rls-tanh)", dash: "3 3" },
  nbm: { label: "NBM", phrase: "the National Blend of Models", colour: "var(--nbm)", dash: "9 2 2 2" },
  nbmCorrected: { label: "NBM, corrected", colour: "var(--nbm-corrected)", dash: "9 2 1 2" },
  nws: { label: "weather service", phrase: "the weather service", colour: "var(--nws)", dash: "7 2 2 2" },
  nwsCorrected: { label: "weather service, corrected", colour: "var(--nws-corrected)", dash: "7 2 1 2" },
  other: { label: "imported guidance", colour: "var(--other)", dash: "5 2 2 2" },
  otherCorrected: { label: "imported guidance, corrected", colour: "var(--other-corrected)", dash: "5 2 1 2" },
};

export function modelStyle(model: ModelName): ModelStyle {
  return modelStyles[model];
}

/** A model's name in a sentence. */
export function modelPhrase(model: ModelName): string {
  const { label, phrase = label } = modelStyles[model];
  return phrase;
}

/** The dew point in a chart of the temperature. */
export const dewPointStyle: ModelStyle = { label: "dew point", colour: "var(--dew-point)", dash: "none" };
export const dewPointForecastStyle: ModelStyle = { ...dewPointStyle, label: "dew point forecast", dash: "4 2" };

/** A feature's name on pages, such as T−24 for T₋24, because few fonts have a subscript minus sign. */
export function featureLabel(feature: string): string {
  return feature.replace(/₋/g, "−").replace(/[₀-₉]/g, (digit) => String(digit.charCodeAt(0) - "₀".charCodeAt(0)));
}

/** Name and look of a source of observations; opacity distinguishes sources without colour. */
interface SourceStyle {
  /** Short name. */
  code: string;
  label: string;
  /** The name in a sentence, with its article. */
  phrase: string;
  colour: string;
  opacity: number;
}

const sourceStyles: Record<string, SourceStyle> = {
  ghcnh: { code: "GHCNh", label: "GHCNh", phrase: "GHCNh", colour: "var(--forecast)", opacity: 0.22 },
  awc: {
    code: "AWC",
    label: "Aviation Weather Center",
    phrase: "the Aviation Weather Center",
    colour: "var(--forecast)",
    opacity: 0.8,
  },
  nws: {
    code: "NWS",
    label: "National Weather Service",
    phrase: "the National Weather Service",
    colour: "var(--nws)",
    opacity: 0.9,
  },
  nbm: {
    code: "NBM",
    label: "National Blend of Models",
    phrase: "the National Blend of Models",
    colour: "var(--nbm)",
    opacity: 0.9,
  },
  isd: { code: "ISD", label: "ISD", phrase: "ISD", colour: "var(--climatology)", opacity: 0.4 },
  simulated: {
    code: "simulated",
    label: "simulated",
    phrase: "the simulation",
    colour: "var(--persistence)",
    opacity: 0.4,
  },
};

export function sourceStyle(source: string): SourceStyle {
  return (
    sourceStyles[source] ?? { code: source, label: source, phrase: source, colour: "var(--ink-soft)", opacity: 0.5 }
  );
}
