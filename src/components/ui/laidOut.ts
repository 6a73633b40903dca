/**
 * Puts an element into the page, unseen, for as long as `measure` runs: only there have its parts a size.
 * @returns null where nothing is laid out, as when the site is built
 */
export function laidOut<T>(element: HTMLElement, measure: () => T): T | null {
  const { fonts, body } = document;
  if (!fonts) return null;
  element.style.cssText += ";position:fixed;top:0;left:0;margin:0;visibility:hidden";
  body.append(element);
  const measured = measure();
  element.remove();
  return measured;
}
