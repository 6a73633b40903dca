import { html } from "../ui/html.js";

/** Text in which what stands between backticks is code. */
export function inCode(text: string): (string | HTMLElement)[] {
  return text.split("`").map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
}
