import * as htl from "htl";

/** A template of exactly one element; what is interpolated is text, whatever it contains. */
export const html = htl.html as (strings: TemplateStringsArray, ...values: unknown[]) => HTMLElement;

/** A template of one element inside an SVG. */
export const svg = htl.svg as (strings: TemplateStringsArray, ...values: unknown[]) => SVGElement;
