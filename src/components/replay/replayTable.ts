import { reportedLeads, type Variable } from "../../model/vocabulary.js";
import type { StationModel } from "../../shared/published/stationModel.js";
import { dataTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { fullTime, yearName } from "../ui/timeZone.js";
import { formatCount, formatNumber, formatSigned } from "../ui/units.js";
import { replayedAtOnce, type Traced } from "./replaySeries.js";

/** EWMAE of a replay beside the published model's at the same hour, at every reported lead. */
export function replayTable(
  data: Pick<StationModel, "ewmae">,
  runs: { own: Traced | null; published: Traced | null },
  { variable, epsilon }: { variable: Variable; epsilon: number },
): HTMLElement {
  const rows = reportedLeads.flatMap((leadHours) => {
    const both = replayedAtOnce(data, runs, { variable, leadHours, epsilon });
    return both ? [{ leadHours, ...both }] : [];
  });
  if (rows.length === 0) return html`<div></div>`;
  const { time } = rows[0]!.own;
  return html`<div>${dataTable(
    rows,
    [
      { heading: "Hours ahead", cell: ({ leadHours }) => `${leadHours} h` },
      { heading: "Errors", cell: ({ own }) => formatCount(own.n), numeric: true },
      { heading: "Your replay, °C", cell: ({ own }) => formatNumber(own.ewmae, 3), numeric: true },
      { heading: "Published, °C", cell: ({ published }) => formatNumber(published.ewmae, 3), numeric: true },
      {
        heading: "Difference",
        cell: ({ own, published }) =>
          formatSigned(Number(own.ewmae.toFixed(3)) - Number(published.ewmae.toFixed(3)), 3),
        numeric: true,
      },
    ],
    { label: "The replay against the published model" },
  )}<p class="caveat">EWMAE at ${fullTime(time, "UTC")} ${yearName(time, "UTC")}, ε = ${epsilon}; above 0 the replay is worse.</p></div>`;
}
