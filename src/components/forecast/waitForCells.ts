/**
 * Waits until every cell within the first place that `selector` finds has been drawn, or has failed; not at all where
 * the page has no such place.
 */
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
  // After the frame that shows it.
  await new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
}
