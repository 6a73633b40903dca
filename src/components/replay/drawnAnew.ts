import { html } from "../ui/html.js";

/** An element drawn anew whenever `source` says "change", for as long as it stands in the page. */
export function drawnAnew(source: EventTarget, draw: () => unknown): HTMLElement {
  const frame = html`<div>${draw()}</div>`;
  const redraw = () => {
    if (frame.isConnected) frame.replaceChildren(html`<div>${draw()}</div>`);
    else source.removeEventListener("change", redraw);
  };
  source.addEventListener("change", redraw);
  return frame;
}
