import type { StationHealth } from "../../shared/published/stationHealth.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { clockTime, dateName } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";

/** Hours in a row without a temperature, the newest first. */
export function gapTable({ gaps, gapCount }: StationHealth): HTMLElement {
  if (gaps.length === 0) return html`<p class="empty">No hour is missing since the model began.</p>`;
  const hour = (time: number) => `${dateName(time, "UTC")} ${clockTime(time, "UTC")}`;
  const rest = gapCount - gaps.length;
  return html`<div>
    ${dataTable(
      gaps,
      [
        { heading: "First hour, UTC", cell: ({ firstTime }) => hour(firstTime) },
        { heading: "Last hour, UTC", cell: ({ lastTime }) => hour(lastTime) },
        { heading: "Hours", cell: ({ hours }) => formatCount(hours), numeric: true },
      ],
      { label: "Gaps" },
    )}
    ${rest > 0 ? html`<p class="small muted">And ${formatCount(rest)} older ones.</p>` : null}
  </div>`;
}
