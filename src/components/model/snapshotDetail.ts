import type { StationModel } from "../../shared/published/stationModel.js";
import { html } from "../ui/html.js";
import { fullTime, yearName } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";

/** All that names one snapshot of the chain. */
export function snapshotDetail({ snapshots }: StationModel, snapshotId: string): HTMLElement {
  const snapshot = snapshots.find((one) => one.snapshotId === snapshotId);
  if (!snapshot) return html`<p class="empty">Nothing learned yet.</p>`;
  const { parentId, throughTime, hoursConsumed, hoursDigest, configDigest, stateBytes, kept } = snapshot;
  const digest = (text: string) => html`<code>${text}</code>`;
  return html`<dl class="digests">
    <dt>Snapshot</dt><dd>${digest(snapshotId)}</dd>
    <dt>Grown from</dt><dd>${parentId === null ? "none: the first of its chain" : digest(parentId)}</dd>
    <dt>Last hour consumed</dt><dd>${fullTime(throughTime, "UTC")} ${yearName(throughTime, "UTC")}</dd>
    <dt>Hours consumed</dt><dd>${formatCount(hoursConsumed)}</dd>
    <dt>Digest of the hours</dt><dd>${digest(hoursDigest)}</dd>
    <dt>Configuration</dt><dd>${digest(configDigest)}</dd>
    <dt>State</dt><dd>${formatCount(stateBytes)} bytes, ${kept ? "kept" : "not kept: it comes back by replaying the hours"}</dd>
  </dl>`;
}
