import type { StationModel } from "../../shared/published/stationModel.js";
import { foldedTable } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { fullTime, yearName } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";

/** The chain of snapshots, newest first: each names the one it grew from. */
export function snapshotTable(data: StationModel, { newest = 12 }: { newest?: number } = {}): HTMLElement {
  const rows = data.snapshots.slice(-newest).reverse();
  const digest = (text: string | null) =>
    text === null ? "none" : html`<code title=${text}>${text.slice(0, 10)}</code>`;
  return foldedTable(
    rows,
    [
      { heading: "Snapshot", cell: ({ snapshotId }) => digest(snapshotId) },
      { heading: "Grown from", cell: ({ parentId }) => digest(parentId) },
      {
        heading: "Last hour consumed",
        cell: ({ throughTime }) => `${fullTime(throughTime, "UTC")}, ${yearName(throughTime, "UTC")}`,
      },
      { heading: "Hours", cell: ({ hoursConsumed }) => formatCount(hoursConsumed), numeric: true },
      { heading: "Digest of the hours", cell: ({ hoursDigest }) => digest(hoursDigest) },
      { heading: "Configuration", cell: ({ configDigest }) => digest(configDigest) },
      {
        heading: "State",
        cell: ({ stateBytes, kept }) => `${formatCount(Math.round(stateBytes / 1000))} kB${kept ? "" : ", not kept"}`,
        numeric: true,
      },
    ],
    { label: "The newest snapshots" },
  );
}
