import type { StationForecast } from "../../shared/published/stationForecast.js";
import { html } from "../ui/html.js";
import { downloadLinks } from "./downloadLinks.js";
import { issueName } from "./issueInput.js";

/**
 * An older forecast as files, which the page makes itself: those of stable address hold the newest. What writes CSV is
 * loaded when first needed.
 * @param data as of `asIssued`
 */
export async function olderDownloads(data: StationForecast): Promise<HTMLElement> {
  const { forecastCsv } = await import("../../shared/published/forecastCsv.js");
  const { key } = data.station;
  const name = `${key}-${issueName(data.issuedTime!).replace(":", "")}`;
  const link = (content: string, type: string, ending: string, text: string) =>
    html`<li><a href=${`data:${type};charset=utf-8,${encodeURIComponent(content)}`} download=${`${name}.${ending}`}>${text}</a></li>`;
  return downloadLinks(key, [
    link(forecastCsv(data), "text/csv", "csv", "This forecast, CSV"),
    link(JSON.stringify(data), "application/json", "json", "This forecast, JSON"),
  ]);
}
