import * as htl from "htl";

/** A template of exactly one element. Interpolated strings are escaped. */
export const html = htl.html as (strings: TemplateStringsArray, ...values: unknown[]) => HTMLElement;

/** A template of one element inside an SVG. */
export const svg = htl.svg as (strings: TemplateStringsArray, ...values: unknown[]) => SVGElement;

/** Handles events of `target` while `node` is in the page. */
export function whileInPage(node: Element, target: EventTarget, type: string, handle: () => void): void {
  const listener = () => {
    if (node.isConnected) handle();
    else target.removeEventListener(type, listener);
  };
  target.addEventListener(type, listener);
}
