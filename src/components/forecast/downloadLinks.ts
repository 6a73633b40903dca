import type { StationForecast } from "../../shared/published/stationForecast.js";
import { html } from "../ui/html.js";
import { isoHour } from "./forecastInputs.js";

/**
 * Links to a station's files and to its chart.
 * @param older links to an older forecast, which replace those to the newest
 */
export function downloadLinks(key: string, older: readonly HTMLElement[] = []): HTMLElement {
  const files = document.querySelector<HTMLMetaElement>("meta[name=files]")?.content ?? "./";
  const name = encodeURIComponent(key);
  const link = (path: string, text: string) => html`<li><a href=${`${files}${path}`}>${text}</a></li>`;
  const isNewest = older.length === 0;
  return html`<ul class="downloads">
    ${isNewest ? [link(`api/${name}.csv`, "Forecast, CSV"), link(`api/${name}/extremes.csv`, "Lows and highs, CSV"), link(`api/${name}.json`, "Forecast, JSON")] : older}
    ${link(`api/${name}/hours.parquet`, "Observations, Parquet")}
    ${isNewest ? link(`embed/${name}.svg`, "Chart, SVG") : null}
    ${link("feed.json", "Alarms and scorecards, JSON Feed")}
  </ul>`;
}

/**
 * Links to an older forecast as files, which are created in the browser because the site's files contain the newest.
 * @param data from `stationAsOf`
 */
export async function olderDownloads(data: StationForecast): Promise<HTMLElement> {
  const { forecastCsv } = await import("../../shared/published/forecastCsv.js");
  const { key } = data.station;
  const name = `${key}-${isoHour(data.issuedTime!).replace(":", "")}`;
  const link = (content: string, type: string, ending: string, text: string) =>
    html`<li><a href=${`data:${type};charset=utf-8,${encodeURIComponent(content)}`} download=${`${name}.${ending}`}>${text}</a></li>`;
  return downloadLinks(key, [
    link(forecastCsv(data), "text/csv", "csv", "This forecast, CSV"),
    link(JSON.stringify(data), "application/json", "json", "This forecast, JSON"),
  ]);
}
