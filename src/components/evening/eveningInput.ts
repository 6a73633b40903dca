import type { StationForecast } from "../../shared/published/stationForecast.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { eveningName } from "../../shared/words/evenings.js";
import { html } from "../ui/html.js";
import { type ValueElement, withValue } from "../ui/inputs.js";

/** Until the reader has stopped typing a date. */
const typingMs = 400;

/**
 * Input for an evening whose forecast is compared with what came: buttons for the ones before and after, a date and a way
 * back. Its value is the evening's date at the station, such as "2025-08-30"; empty for the newest that have ended.
 */
export function eveningInput({
  station,
  issuedTime,
  evenings,
}: Pick<StationForecast, "station" | "issuedTime" | "evenings">): ValueElement<string> {
  // An evening begins 18 hours after its date does.
  const newest = issuedTime === null ? "" : eveningName(issuedTime - 18 * hourMs, station.timeZone);
  const first = station.genesisTime === null ? newest : eveningName(station.genesisTime, station.timeZone);
  const low = evenings.find(({ kind }) => kind === "low");
  const shown = low ? eveningName(low.issuedTime, station.timeZone) : newest;
  let value = "";
  const isStored = (name: string) => /^\d{4}-\d\d-\d\d$/.test(name) && first <= name && name <= newest;
  const field = html`<input type="date" min=${first} max=${newest}>` as HTMLInputElement;
  const step = (by: number, text: string) =>
    html`<button type="button" onclick=${() => set(moved(value || shown, by), true)}>${text}</button>` as HTMLButtonElement;
  const [before, after] = [step(-1, "Evening before"), step(1, "Evening after")];
  const back = html`<button type="button" onclick=${() => set("", true)}>Last night</button>` as HTMLButtonElement;
  const set = (name: string, isChosen: boolean) => {
    value = name;
    // Never overwrites the field while the reader types in it.
    if (field.ownerDocument.activeElement !== field) field.value = name || shown;
    before.disabled = !isStored(moved(name || shown, -1));
    after.disabled = !isStored(moved(name || shown, 1));
    back.disabled = name === "";
    if (isChosen) element.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const setFromField = () => {
    clearTimeout(typing);
    if (isStored(field.value) && field.value !== (value || shown)) set(field.value, true);
  };
  let typing: ReturnType<typeof setTimeout> | undefined;
  field.addEventListener("input", (event) => event.stopPropagation());
  // A browser reports every digit that completes a date, such as the year 20 on the way to 2020.
  field.addEventListener("change", () => {
    clearTimeout(typing);
    typing = setTimeout(setFromField, typingMs);
  });
  field.addEventListener("blur", setFromField);
  const element = html`<div class="evening-choice" role="group" aria-label="Evening">
    ${before}<label class="select"><span>Evening of</span>${field}</label>${after}${back}
  </div>`;
  set("", false);
  return withValue(element, {
    get: () => value,
    set: (name) => set(name, false),
    allows: (name) => name === "" || isStored(name),
  });
}

/** The date so many days later. */
function moved(name: string, days: number): string {
  if (name === "") return "";
  return new Date(Date.parse(name) + days * dayMs).toISOString().slice(0, 10);
}
