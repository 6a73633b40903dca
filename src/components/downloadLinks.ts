import { html } from "./html.js";

/** A station's files of stable address, for other programs, and its drawing, for other pages. */
export function downloadLinks(key: string): HTMLElement {
  const home = document.querySelector<HTMLMetaElement>("meta[name=home]")?.content ?? "./";
  const name = encodeURIComponent(key);
  const link = (path: string, text: string) => html`<li><a href=${`${home}${path}`}>${text}</a></li>`;
  return html`<ul class="downloads">
    ${link(`api/${name}.csv`, "Forecast, CSV")}${link(`api/${name}.json`, "Forecast, JSON")}
    ${link(`api/${name}/hours.parquet`, "Observed hours, Parquet")}${link(`embed/${name}.svg`, "Drawing, SVG")}
    ${link("feed.json", "Alarms, JSON Feed")}
  </ul>`;
}
