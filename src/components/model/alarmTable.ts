import type { StationModel } from "../../shared/published/stationModel.js";
import { dataTable, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { dateTimeName } from "../ui/timeZone.js";

/** Alarms, newest first: the hours at which forecasts were found to be too high or too low. */
export function alarmTable(data: Pick<StationModel, "alarms">, { newest = 12 }: { newest?: number } = {}): HTMLElement {
  if (data.alarms.length === 0) return html`<p class="empty">No alarms so far.</p>`;
  return dataTable("Alarms", data.alarms.slice(-newest).reverse(), [
    textColumn("Hour", ({ time }) => dateTimeName(time, "UTC")),
    textColumn("Quantity", ({ variable }) => (variable === "temperature" ? "Temperature" : "Dew point")),
    textColumn("Found", ({ side }) => side),
  ]);
}
