import { bisectRight, extent } from "d3";
import { svg } from "../ui/html.js";

/** A scale of colours by classes of values. */
export interface ClassScale {
  /** Bounds between the classes, ascending; a value at a bound is in the class above. */
  limits: readonly number[];
  /** One more than bounds. */
  colours: readonly string[];
  unit: string;
  /** The text of a bound. */
  format: (limit: number) => string;
}

/** Colour of the class of a value. */
export function classColour(value: number, { limits, colours }: Pick<ClassScale, "limits" | "colours">): string {
  return colours[bisectRight(limits, value)]!;
}

/** Seven classes around 0, because more are hard to tell apart: blue below it, brown above it. */
const divergingColours = Array.from({ length: 7 }, (_, i) => `var(--anomaly-${i + 1})`);

/**
 * A scale of classes around 0.
 * @param bounds the three bounds above 0; those below are the same
 * @param isReversed whether values above 0 are blue
 */
export function divergingScale(
  bounds: readonly [number, number, number],
  { isReversed = false, ...labels }: Pick<ClassScale, "unit" | "format"> & { isReversed?: boolean },
): ClassScale {
  const limits = [...bounds.map((bound) => -bound).reverse(), ...bounds];
  return { limits, colours: isReversed ? divergingColours.toReversed() : divergingColours, ...labels };
}

const swatch = { width: 38, height: 12 };
/** Fewer classes do not show that colours form a scale. */
const fewestClasses = 3;

/**
 * The legend of a scale: the classes from the lowest to the highest value.
 * @param values all of the scale's unit; without any, all classes are shown
 */
export function scaleLegend({ limits, colours, unit, format }: ClassScale, values: readonly number[]): SVGElement {
  const [low, high] = extent(values);
  let [first, last] = low === undefined ? [0, limits.length] : [low, high].map((value) => bisectRight(limits, value));
  while (last! - first! + 1 < Math.min(fewestClasses, colours.length)) {
    if (first! > 0) first!--;
    else last!++;
  }
  const shown = colours.slice(first, last! + 1);
  const width = shown.length * swatch.width;
  const swatches = shown.map(
    (colour, i) =>
      svg`<rect x=${i * swatch.width + 0.5} y="0.5" width=${swatch.width} height=${swatch.height} fill=${colour}></rect>`,
  );
  const labels = limits
    .slice(first, last)
    .map(
      (limit, i) => svg`<text x=${(i + 1) * swatch.width + 0.5} y="27" text-anchor="middle">${format(limit)}</text>`,
    );
  return svg`<svg width=${width + 34} height="32" viewBox=${`0 0 ${width + 34} 32`}>
    ${swatches}${labels}<text x=${width + 5} y="11">${unit}</text>
  </svg>`;
}
