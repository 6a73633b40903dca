/** A feature's name for pages, such as T−24 for T₋24: few fonts have a subscript minus. */
export function featureLabel(feature: string): string {
  return feature.replace(/₋/g, "−").replace(/[₀-₉]/g, (digit) => String(digit.charCodeAt(0) - "₀".charCodeAt(0)));
}
