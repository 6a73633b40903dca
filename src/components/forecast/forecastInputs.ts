import { bisectLeft, bisectRight } from "d3";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { hourMs } from "../../shared/time.js";
import { orderChoices } from "../stations/stationTable.js";
import { html } from "../ui/html.js";
import {
  checkboxes,
  choose,
  segmented,
  selectInput,
  textInput,
  unitInput,
  type ValueElement,
  variableInput,
  withValue,
} from "../ui/inputs.js";
import { stationInput } from "../ui/station.js";
import { dateName, dateTimeName, fullTime } from "../ui/timeZone.js";

/** The inputs of the forecast page by their names in its address, except the time of the forecast. */
export function forecastInputs(stations: readonly StationSummary[]) {
  return {
    station: stationInput(stations),
    variable: variableInput(),
    unit: unitInput(),
    time: segmented("Time", { station: "Station", utc: "UTC", mine: "Mine" }),
    show: checkboxes(
      "Also show",
      { dewPoint: "Dew point", naive: "Baselines", guidance: "Guidance", draws: "Possible courses" },
      ["guidance"],
    ),
    find: textInput("Find", { placeholder: "code or name" }),
    order: selectInput("Order", orderChoices),
  };
}

/** A typed date is read this long after the last digit, milliseconds. */
const typingMs = 1500;

/** The name of an hour in the page's address: "2020-12-31T17:00Z". */
export function isoHour(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

/** Whether a name is an hour after the training start and before the oldest stored forecast. */
export function isBeforeStored(name: string, issuedTimes: readonly number[], genesisTime: number | null): boolean {
  const time = Date.parse(name);
  const isHour = time % hourMs === 0 && isoHour(time) === name;
  return isHour && genesisTime !== null && genesisTime <= time && time < issuedTimes[0]!;
}

/**
 * Input for the time of the forecast. A slider chooses a stored forecast; a field for date and hour also chooses older
 * ones, which have to be recomputed. Its value is the `isoHour` of the forecast, empty for the newest.
 * @param issuedTimes times of the stored forecasts, oldest first
 * @param genesisTime training start, epoch milliseconds; null if there are no older forecasts
 */
export function forecastTimeInput(
  issuedTimes: readonly number[],
  { zone, genesisTime }: { zone: string; genesisTime: number | null },
): ValueElement<string> {
  const last = issuedTimes.length - 1;
  /** Time of the chosen forecast if it is older than the stored ones. */
  let older: number | null = null;
  const range =
    html`<input type="range" min="0" max=${Math.max(0, last)} step="1" value=${Math.max(0, last)} disabled=${last < 1}>` as HTMLInputElement;
  const shown = html`<b></b>`;
  const hasOlder = genesisTime !== null && last >= 0 && genesisTime < issuedTimes[0]!;
  const dateField =
    html`<input type="datetime-local" step="3600" min=${hasOlder ? isoHour(genesisTime).slice(0, 16) : null}
    max=${last < 0 ? null : isoHour(issuedTimes[last]!).slice(0, 16)}>` as HTMLInputElement;
  const step = (by: number, label: string, text: string) =>
    html`<button type="button" aria-label=${label} disabled=${last < 1} onclick=${() => moveBy(by)}>${text}</button>`;
  const field = html`<div class="forecast-time" role="group" aria-label="Time of the forecast">
    <label><span>Forecast issued ${shown}</span>${range}</label>
    ${step(-24, "A day earlier", "−24 h")}${step(-1, "An hour earlier", "−1 h")}${step(1, "An hour later", "+1 h")}${step(24, "A day later", "+24 h")}
    <button type="button" disabled=${last < 1} onclick=${() => moveTo(last)}>Newest</button>
    ${hasOlder ? html`<label class="select older"><span>or any hour since ${dateName(genesisTime!, "UTC")} (UTC)</span>${dateField}</label>` : null}
  </div>`;
  const current = () => older ?? issuedTimes[Number(range.value)];
  const showTime = () => {
    const time = current();
    const newest = older === null && Number(range.value) === last ? " (newest)" : "";
    const name = older === null ? fullTime : dateTimeName;
    const text = time === undefined ? "no forecast yet" : `${name(time, zone)}${newest}`;
    shown.textContent = text;
    range.setAttribute("aria-valuetext", text);
    // Never overwrites the field while the reader types in it.
    if (time !== undefined && dateField.ownerDocument.activeElement !== dateField)
      dateField.value = isoHour(time).slice(0, 16);
  };
  /** Moves by a number of hours, or further if that hour has no forecast. */
  const moveBy = (hours: number) => {
    const target = current()! + hours * hourMs;
    if (hasOlder && target < issuedTimes[0]!) return moveToOlder(Math.max(target, genesisTime!));
    const index = hours < 0 ? bisectRight(issuedTimes, target) - 1 : bisectLeft(issuedTimes, target);
    moveTo(Math.min(last, Math.max(0, index)));
  };
  const moveTo = (index: number) => choose(range as HTMLInputElement & ValueElement<string>, String(index));
  const moveToOlder = (time: number) => {
    older = time;
    range.value = "0";
    showTime();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  range.addEventListener("input", () => {
    older = null;
    showTime();
  });
  /** Moves to the date in the field, unless it is already shown or has no forecast. */
  const moveToDate = () => {
    clearTimeout(typing);
    const time = Math.floor(Date.parse(`${dateField.value}Z`) / hourMs) * hourMs;
    if (time === current()) return;
    if (hasOlder && time >= genesisTime! && time < issuedTimes[0]!) moveToOlder(time);
    else if (time >= issuedTimes[0]! && time <= issuedTimes[last]!) moveTo(bisectRight(issuedTimes, time) - 1);
  };
  let typing: ReturnType<typeof setTimeout> | undefined;
  dateField.addEventListener("input", (event) => event.stopPropagation());
  // A browser reports every digit that completes a date, such as the year 20 on the way to 2020.
  dateField.addEventListener("change", () => {
    clearTimeout(typing);
    typing = setTimeout(moveToDate, typingMs);
  });
  dateField.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") moveToDate();
  });
  dateField.addEventListener("blur", () => {
    moveToDate();
    showTime();
  });
  showTime();
  const indexOf = (name: string) => issuedTimes.findIndex((time) => isoHour(time) === name);
  return withValue(field, {
    get: () => {
      if (older !== null) return isoHour(older);
      const index = Number(range.value);
      return index >= last ? "" : isoHour(issuedTimes[index]!);
    },
    set: (name) => {
      const index = indexOf(name);
      older = isBeforeStored(name, issuedTimes, genesisTime) ? Date.parse(name) : null;
      range.value = String(older !== null ? 0 : index < 0 ? last : index);
      showTime();
    },
    allows: (name) => name === "" || indexOf(name) >= 0 || isBeforeStored(name, issuedTimes, genesisTime),
  });
}
