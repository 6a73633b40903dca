import { groups } from "d3";
import type { StationModel } from "../../shared/published/stationModel.js";
import { foldedTable, numberColumn, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import { radioGroup, type ValueElement } from "../ui/inputs.js";
import { dateTimeName, utcHour } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";

/**
 * Input for the snapshot: one bead per snapshot, one row per year, oldest first. Beads are full if the state is stored.
 * The value is the id of the snapshot, initially of the newest.
 */
export function snapshotTimeline({ snapshots }: StationModel): ValueElement<string> {
  const radios = snapshots.map(
    ({ snapshotId, kept, throughTime, hoursConsumed }) =>
      html`<input type="radio" name="snapshot" value=${snapshotId} class=${kept ? "kept" : null}
        aria-label=${`${utcHour(throughTime)} UTC, ${formatCount(hoursConsumed)} hours, ${kept ? "state kept" : "state not kept"}`}
        title=${`${utcHour(throughTime)} UTC`}>` as HTMLInputElement,
  );
  const years = groups(snapshots.keys(), (i) => new Date(snapshots[i]!.throughTime).getUTCFullYear());
  const bead = (i: number) =>
    html`<span class=${i === 0 || snapshots[i]!.parentId === snapshots[i - 1]!.snapshotId ? "bead" : "bead after-gap"}>${radios[i]}</span>`;
  const field = html`<fieldset class="timeline"><legend>Snapshot</legend>
    ${years.map(([year, indices]) => html`<div><span class="year">${year}</span><span class="beads">${indices.map(bead)}</span></div>`)}
  </fieldset>`;
  const newest = radios.at(-1);
  if (newest) newest.checked = true;
  return radioGroup(field, radios);
}

/** What a snapshot has learned, and folded the digests that identify it. */
export function snapshotDetail({ snapshots }: StationModel, snapshotId: string): HTMLElement {
  const snapshot = snapshots.find((snapshot) => snapshot.snapshotId === snapshotId);
  if (!snapshot) return html`<p class="empty">Nothing learned yet.</p>`;
  const { parentId, throughTime, hoursConsumed, hoursDigest, configDigest, stateBytes, kept } = snapshot;
  const digest = (text: string) => html`<code>${text}</code>`;
  return html`<div><dl class="facts">
    <dt>Last hour learned</dt><dd>${dateTimeName(throughTime, "UTC")}</dd>
    <dt>Hours learned</dt><dd>${formatCount(hoursConsumed)}</dd>
    <dt>State</dt><dd>${formatCount(stateBytes)} bytes, ${kept ? "kept" : "not kept: it can be recreated by a replay"}</dd>
  </dl>
  <details><summary>Digests of this snapshot</summary><dl class="facts">
    <dt>Snapshot</dt><dd>${digest(snapshotId)}</dd>
    <dt>Parent</dt><dd>${parentId === null ? "none: this is the first snapshot" : digest(parentId)}</dd>
    <dt>Digest of the hours</dt><dd>${digest(hoursDigest)}</dd>
    <dt>Configuration</dt><dd>${digest(configDigest)}</dd>
  </dl></details></div>`;
}

/** The newest snapshots, newest first, each with its parent. */
export function snapshotTable(data: StationModel, { newest = 12 }: { newest?: number } = {}): HTMLElement {
  const rows = data.snapshots.slice(-newest).reverse();
  const digest = (text: string | null) =>
    text === null ? "none" : html`<code title=${text}>${text.slice(0, 10)}</code>`;
  return foldedTable("The newest snapshots", rows, [
    textColumn("Snapshot", ({ snapshotId }) => digest(snapshotId)),
    textColumn("Parent", ({ parentId }) => digest(parentId)),
    textColumn("Last hour learned", ({ throughTime }) => dateTimeName(throughTime, "UTC")),
    numberColumn("Hours", ({ hoursConsumed }) => formatCount(hoursConsumed)),
    textColumn("Digest of the hours", ({ hoursDigest }) => digest(hoursDigest)),
    textColumn("Configuration", ({ configDigest }) => digest(configDigest)),
    numberColumn(
      "State",
      ({ stateBytes, kept }) => `${formatCount(Math.round(stateBytes / 1000))} kB${kept ? "" : ", not kept"}`,
    ),
  ]);
}
