import { html } from "../ui/html.js";

/**
 * A station's files of stable address, for other programs, and its drawing, for other pages.
 * @param older links to an older forecast, which come in the place of those to the newest
 */
export function downloadLinks(key: string, older: readonly HTMLElement[] = []): HTMLElement {
  const files = document.querySelector<HTMLMetaElement>("meta[name=files]")?.content ?? "./";
  const name = encodeURIComponent(key);
  const link = (path: string, text: string) => html`<li><a href=${`${files}${path}`}>${text}</a></li>`;
  const isNewest = older.length === 0;
  return html`<ul class="downloads">
    ${isNewest ? [link(`api/${name}.csv`, "Forecast, CSV"), link(`api/${name}.json`, "Forecast, JSON")] : older}
    ${link(`api/${name}/hours.parquet`, "Observed hours, Parquet")}
    ${isNewest ? link(`embed/${name}.svg`, "Drawing, SVG") : null}
    ${link("feed.json", "Alarms, JSON Feed")}
  </ul>`;
}
