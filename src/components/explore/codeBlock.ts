import { html, svg } from "../ui/html.js";

/** Trimmed code in Framework's style, with a copy button; the corner names `language`. */
export function codeBlock(code: string, { language }: { language: string }): HTMLElement {
  const text = code.trim();
  const button = html`<button type="button" title="Copy code" class="observablehq-pre-copy">${copyIcon()}</button>`;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.classList.add("observablehq-pre-copied");
  });
  button.addEventListener("animationend", () => button.classList.remove("observablehq-pre-copied"));
  return html`<div class="observablehq-pre-container" data-language=${language}>${button}<pre><code>${text}</code></pre></div>`;
}

function copyIcon(): SVGElement {
  return svg`<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
    <path d="M2 6C2 5.44772 2.44772 5 3 5H10C10.5523 5 11 5.44772 11 6V13C11 13.5523 10.5523 14 10 14H3C2.44772 14 2 13.5523 2 13V6Z M4 2.00004L12 2.00001C13.1046 2 14 2.89544 14 4.00001V12"></path>
  </svg>`;
}

/** A shell command that opens a Parquet file, given by URL or path, in DuckDB. */
export function duckdbLine(file: string): HTMLElement {
  return codeBlock(`duckdb -c "FROM '${file}' LIMIT 10"`, { language: "sh" });
}

/** The Markdown of the page itself, folded. */
export function pageCode(markdown: string): HTMLElement {
  return html`<details class="page-code"><summary>Code of this page</summary>${codeBlock(markdown, { language: "md" })}</details>`;
}
