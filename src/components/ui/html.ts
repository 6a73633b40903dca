import * as htl from "htl";

/** A template of exactly one element. Interpolated strings are escaped. */
export const html = htl.html as (strings: TemplateStringsArray, ...values: unknown[]) => HTMLElement;

/** A template of one element inside an SVG. */
export const svg = htl.svg as (strings: TemplateStringsArray, ...values: unknown[]) => SVGElement;

/** The text of an element on one line. */
export function plainText(element: Element): string {
  return (element.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** Handles events of `target` while `node` is in the page. */
export function whileInPage(node: Element, target: EventTarget, type: string, handle: () => void): void {
  const listener = () => {
    if (node.isConnected) handle();
    else target.removeEventListener(type, listener);
  };
  target.addEventListener(type, listener);
}

/** Waits until all cells in the first element that matches `selector` have run; not at all if nothing matches. */
export async function waitForCells(selector: string): Promise<void> {
  const place = document.querySelector(selector);
  const isWaiting = () => place?.querySelector("observablehq-loading") != null;
  if (place && isWaiting()) {
    await new Promise<void>((drawn) => {
      const observer = new MutationObserver(() => {
        if (isWaiting()) return;
        observer.disconnect();
        drawn();
      });
      observer.observe(place, { childList: true, subtree: true });
    });
  }
  // Waits until the browser has painted them.
  await new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
}
