/** Name and look of a source of observations; opacity distinguishes sources without colour. */
interface SourceStyle {
  /** Short name. */
  code: string;
  label: string;
  colour: string;
  opacity: number;
}

const styles: Record<string, SourceStyle> = {
  ghcnh: { code: "GHCNh", label: "GHCNh", colour: "var(--forecast)", opacity: 0.22 },
  awc: { code: "AWC", label: "Aviation Weather Center", colour: "var(--forecast)", opacity: 0.8 },
  nws: { code: "NWS", label: "National Weather Service", colour: "var(--official)", opacity: 0.9 },
  isd: { code: "ISD", label: "ISD", colour: "var(--climatology)", opacity: 0.4 },
  simulated: { code: "simulated", label: "simulated", colour: "var(--persistence)", opacity: 0.4 },
};

export function sourceStyle(source: string): SourceStyle {
  return styles[source] ?? { code: source, label: source, colour: "var(--ink-soft)", opacity: 0.5 };
}
