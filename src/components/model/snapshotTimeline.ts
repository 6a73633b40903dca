import type { StationModel } from "../../shared/published/stationModel.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/pageState.js";
import { dateName } from "../ui/timeZone.js";
import { formatCount } from "../ui/units.js";

/**
 * The chain of snapshots as beads, a row a year, oldest first: full where the state is still stored, hollow where only
 * its name is. Its value is the id of the one chosen, at first the newest.
 */
export function snapshotTimeline({ snapshots }: StationModel): ValueElement<string> {
  const radios = snapshots.map(
    ({ snapshotId, kept, throughTime, hoursConsumed }) =>
      html`<input type="radio" name="snapshot" value=${snapshotId} class=${kept ? "kept" : null}
        aria-label=${`${dateName(throughTime, "UTC")} ${clock(throughTime)}, ${formatCount(hoursConsumed)} hours, ${kept ? "state kept" : "state not kept"}`}
        title=${`${dateName(throughTime, "UTC")} ${clock(throughTime)}`}>` as HTMLInputElement,
  );
  const years = new Map<number, number[]>();
  for (const [i, { throughTime }] of snapshots.entries()) {
    const year = new Date(throughTime).getUTCFullYear();
    years.set(year, [...(years.get(year) ?? []), i]);
  }
  const bead = (i: number) =>
    html`<span class=${i === 0 || snapshots[i]!.parentId === snapshots[i - 1]!.snapshotId ? "bead" : "bead after-gap"}>${radios[i]}</span>`;
  const field = html`<fieldset class="timeline"><legend>Snapshot</legend>
    ${[...years].map(([year, places]) => html`<div><span class="year">${year}</span><span class="beads">${places.map(bead)}</span></div>`)}
  </fieldset>`;
  const newest = radios.at(-1);
  if (newest) newest.checked = true;
  return Object.defineProperty(field, "value", {
    get: () => radios.find((radio) => radio.checked)?.value ?? "",
    set: (value: string) => {
      for (const radio of radios) radio.checked = radio.value === value;
    },
  }) as ValueElement<string>;
}

function clock(time: number): string {
  return `${new Date(time).toISOString().slice(11, 16)} UTC`;
}
