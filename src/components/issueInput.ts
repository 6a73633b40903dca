import { html } from "./html.js";
import type { ValueElement } from "./pageState.js";
import { fullTime } from "./timeZone.js";

/** "2020-12-31T17:00Z": how an address names an hour of issue. */
export function issueName(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

/**
 * Chooses one of a station's issues by a slider: the newest at its right end, whose value is "", or an earlier one by
 * its `issueName`.
 * @param issues times of issue, oldest first
 */
export function issueInput(issues: readonly number[], { zone }: { zone: string }): ValueElement<string> {
  const last = issues.length - 1;
  const range =
    html`<input type="range" min="0" max=${Math.max(0, last)} step="1" value=${Math.max(0, last)} disabled=${last < 1}>` as HTMLInputElement;
  const told = html`<b></b>`;
  const step = (by: number, label: string, text: string) =>
    html`<button type="button" aria-label=${label} disabled=${last < 1} onclick=${() => moveBy(by)}>${text}</button>`;
  const field = html`<div class="issue-input" role="group" aria-label="Issue of the forecast">
    <label><span>As issued at ${told}</span>${range}</label>
    ${step(-24, "A day earlier", "−24 h")}${step(-1, "An hour earlier", "−1 h")}${step(1, "An hour later", "+1 h")}${step(24, "A day later", "+24 h")}
    <button type="button" disabled=${last < 1} onclick=${() => moveTo(last)}>Newest</button>
  </div>`;
  const tell = () => {
    const time = issues[Number(range.value)];
    const text =
      time === undefined
        ? "nothing issued yet"
        : `${fullTime(time, zone)}${Number(range.value) === last ? ", the newest" : ""}`;
    told.textContent = text;
    range.setAttribute("aria-valuetext", text);
  };
  /** To the issue that many hours away, or where there is none of that hour to the next beyond it. */
  const moveBy = (hours: number) => {
    const wanted = issues[Number(range.value)]! + hours * 3_600_000;
    moveTo(
      hours < 0 ? issues.findLastIndex((time) => time <= wanted) : issues.findIndex((time) => time >= wanted),
      hours,
    );
  };
  const moveTo = (place: number, direction = 1) => {
    range.value = String(place >= 0 ? place : direction < 0 ? 0 : last);
    range.dispatchEvent(new Event("input", { bubbles: true }));
  };
  range.addEventListener("input", tell);
  tell();
  return Object.defineProperty(field, "value", {
    get: () => {
      const place = Number(range.value);
      return place >= last ? "" : issueName(issues[place]!);
    },
    set: (name: string) => {
      const place = issues.findIndex((time) => issueName(time) === name);
      range.value = String(place < 0 ? last : place);
      tell();
    },
  }) as ValueElement<string>;
}
