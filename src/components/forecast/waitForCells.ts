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
