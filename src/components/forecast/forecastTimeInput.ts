import { hourMs } from "../../shared/time.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/pageState.js";
import { dateName, dateTimeName, fullTime } from "../ui/timeZone.js";

/** Waits this long after the last digit before it reads the date, milliseconds. */
const typingMs = 1500;

/** "2020-12-31T17:00Z": how an address names an hour of issue. */
export function isoHour(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

/** Whether a name is an hour after the training start and before the oldest stored forecast. */
export function isBeforeStored(name: string, issues: readonly number[], genesisTime: number | null): boolean {
  const time = Date.parse(name);
  const isHour = time % hourMs === 0 && isoHour(time) === name;
  return isHour && genesisTime !== null && genesisTime <= time && time < issues[0]!;
}

/**
 * Chooses one of a station’s forecasts: by a slider with the newest at its right end, whose value is "", or an older one by its
 * `isoHour`; by a field for date and hour any older one, which has to be forecast again.
 * @param issues issue times of the stored forecasts, oldest first
 * @param genesisTime first hour of the model, epoch milliseconds; null where there is nothing older
 */
export function forecastTimeInput(
  issues: readonly number[],
  { zone, genesisTime }: { zone: string; genesisTime: number | null },
): ValueElement<string> {
  const last = issues.length - 1;
  let older: number | null = null;
  const range =
    html`<input type="range" min="0" max=${Math.max(0, last)} step="1" value=${Math.max(0, last)} disabled=${last < 1}>` as HTMLInputElement;
  const shown = html`<b></b>`;
  const hasOlder = genesisTime !== null && last >= 0 && genesisTime < issues[0]!;
  const any = html`<input type="datetime-local" step="3600" min=${hasOlder ? isoHour(genesisTime).slice(0, 16) : null}
    max=${last < 0 ? null : isoHour(issues[last]!).slice(0, 16)}>` as HTMLInputElement;
  const step = (by: number, label: string, text: string) =>
    html`<button type="button" aria-label=${label} disabled=${last < 1} onclick=${() => moveBy(by)}>${text}</button>`;
  const field = html`<div class="forecast-time" role="group" aria-label="Time of the forecast">
    <label><span>Forecast issued ${shown}</span>${range}</label>
    ${step(-24, "A day earlier", "−24 h")}${step(-1, "An hour earlier", "−1 h")}${step(1, "An hour later", "+1 h")}${step(24, "A day later", "+24 h")}
    <button type="button" disabled=${last < 1} onclick=${() => moveTo(last)}>Newest</button>
    ${hasOlder ? html`<label class="select older"><span>or any hour since ${dateName(genesisTime!, "UTC")} (UTC)</span>${any}</label>` : null}
  </div>`;
  const tell = () => {
    const time = older ?? issues[Number(range.value)];
    const newest = older === null && Number(range.value) === last ? " (newest)" : "";
    const name = older === null ? fullTime : dateTimeName;
    const text = time === undefined ? "no forecast yet" : `${name(time, zone)}${newest}`;
    shown.textContent = text;
    range.setAttribute("aria-valuetext", text);
    // Never overwrites the field while the reader types in it.
    if (time !== undefined && any.ownerDocument.activeElement !== any) any.value = isoHour(time).slice(0, 16);
  };
  /** Moves by a number of hours, or on to the next forecast where that hour has none. */
  const moveBy = (hours: number) => {
    const wanted = (older ?? issues[Number(range.value)]!) + hours * hourMs;
    if (hasOlder && wanted < issues[0]!) return moveToOlder(Math.max(wanted, genesisTime!));
    moveTo(
      hours < 0 ? issues.findLastIndex((time) => time <= wanted) : issues.findIndex((time) => time >= wanted),
      hours,
    );
  };
  const moveTo = (place: number, direction = 1) => {
    range.value = String(place >= 0 ? place : direction < 0 ? 0 : last);
    range.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const moveToOlder = (time: number) => {
    older = time;
    range.value = "0";
    tell();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  range.addEventListener("input", () => {
    older = null;
    tell();
  });
  /** Moves to the date in the field, unless it is shown already or has no forecast. */
  const goThere = () => {
    clearTimeout(typing);
    const time = Math.floor(Date.parse(`${any.value}Z`) / hourMs) * hourMs;
    if (time === (older ?? issues[Number(range.value)])) return;
    if (hasOlder && time >= genesisTime! && time < issues[0]!) moveToOlder(time);
    else if (time >= issues[0]! && time <= issues[last]!) moveTo(issues.findLastIndex((issue) => issue <= time));
  };
  let typing: ReturnType<typeof setTimeout> | undefined;
  any.addEventListener("input", (event) => event.stopPropagation());
  // A browser reports every digit that completes a date, such as the year 20 on the way to 2020.
  any.addEventListener("change", () => {
    clearTimeout(typing);
    typing = setTimeout(goThere, typingMs);
  });
  any.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") goThere();
  });
  any.addEventListener("blur", () => {
    goThere();
    tell();
  });
  tell();
  return Object.defineProperty(field, "value", {
    get: () => {
      if (older !== null) return isoHour(older);
      const place = Number(range.value);
      return place >= last ? "" : isoHour(issues[place]!);
    },
    set: (name: string) => {
      const place = issues.findIndex((time) => isoHour(time) === name);
      older = isBeforeStored(name, issues, genesisTime) ? Date.parse(name) : null;
      range.value = String(older !== null ? 0 : place < 0 ? last : place);
      tell();
    },
  }) as ValueElement<string>;
}
