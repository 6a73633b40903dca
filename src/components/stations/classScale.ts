import { svg } from "../ui/html.js";

/** Colour of the class of a value, from far below 0 to far above it; seven classes, because more are hard to tell apart. */
export function classColour(value: number, limits: readonly number[]): string {
  const size = limits.filter((limit) => Math.abs(value) >= limit).length;
  return `var(--anomaly-${limits.length + 1 + Math.sign(value) * size})`;
}

const swatch = { width: 38, height: 12 };

/**
 * A scale of the classes around 0.
 * @param limits bounds of the classes above 0; those below are the same
 * @param isReversed whether values below 0 have the colours of those above
 */
export function classScale(
  limits: readonly number[],
  { unit, format, isReversed = false }: { unit: string; format: (limit: number) => string; isReversed?: boolean },
): SVGElement {
  const ticks = [...limits.map((limit) => -limit).reverse(), ...limits];
  const classes = ticks.length + 1;
  const width = classes * swatch.width;
  const swatches = Array.from({ length: classes }, (_, i) => {
    const colour = `var(--anomaly-${isReversed ? classes - i : i + 1})`;
    return svg`<rect x=${i * swatch.width + 0.5} y="0.5" width=${swatch.width} height=${swatch.height} fill=${colour}></rect>`;
  });
  const labels = ticks.map(
    (tick, i) => svg`<text x=${(i + 1) * swatch.width + 0.5} y="27" text-anchor="middle">${format(tick)}</text>`,
  );
  return svg`<svg width=${width + 30} height="32" viewBox=${`0 0 ${width + 30} 32`}>
    ${swatches}${labels}<text x=${width + 5} y="11">${unit}</text>
  </svg>`;
}
